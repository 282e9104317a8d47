import { describe, expect, it } from 'vitest';
import { watchMigration } from '../support/programs/await-migration.js';
import { smallBlobs } from '../support/migrations/generated-migration.js';
import { carryOutKills, chooseKills, describeKills, expectSteadyFigures } from '../support/faults/random-kills.js';
import { randomNumbers } from '../support/random-numbers.js';
import { repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { testSeed } from '../support/test-seed.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('workers and servers killed at random requests of one migration', () => {
  const units = 150;
  const own = useProxiedStack();

  it('leave every object right, one receipt a unit, and no finished unit read again', async () => {
    const { stack, stores, s3 } = own;
    const migration = await generateProxied(own, 'kills', { units, seed: 5, ...smallBlobs });
    const choices = chooseKills(randomNumbers(testSeed('kills')), 5, units);
    console.log(choices.map((choice) => JSON.stringify(choice)).join('\n'));

    const watched = watchMigration(stack, migration);
    const kills = await carryOutKills(own, migration, choices);
    await watched.ended();
    console.log(describeKills(kills, stores.requests).join('\n'));

    expect(kills).toHaveLength(5);
    expectSteadyFigures(kills, units);
    await expectRightOutcome(s3, migration);
    const deaths = kills.filter(({ parts }) => parts.includes('workers')).map(({ atMs }) => atMs);
    expect(repeatedReads(migration, stores.requests, deaths)).toEqual([]);
  });
});
