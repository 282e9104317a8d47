import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendFile } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { watchMigration } from '../support/await-migration.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/generated-migration.js';
import { startProxiedStores, type ProxiedStores } from '../support/proxied-stores.js';
import { carryOutKills, chooseKills, describeKills } from '../support/random-kills.js';
import { randomNumbers } from '../support/random-numbers.js';
import { repeatedReads } from '../support/repeated-reads.js';
import { expectRightOutcome } from '../support/right-outcome.js';
import { startStack, type StartedStack } from '../support/start-stack.js';
import { testSeed } from '../support/test-seed.js';

describe('workers and servers killed at random requests of one migration', () => {
  const units = 150;
  let own: StartedStack;
  let stores: ProxiedStores;
  let s3: S3Client;
  let migration: GeneratedMigration;

  beforeAll(async () => {
    own = await startStack();
    stores = await startProxiedStores(own.stack);
    s3 = s3Client(own.stack);
    migration = await generateMigration(own.stack, 'kills', { units, seed: 5, bigUnitRawBytes: 0 }, stores.endpoints);
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 10s\n');
  }, 300_000);

  afterAll(async () => {
    s3.destroy();
    await stores.close();
    await own.end();
  });

  it('leave every object right, one receipt a unit, and no finished unit read again', async () => {
    const choices = chooseKills(randomNumbers(testSeed('kills')), 5, units);
    console.log(choices.map((choice) => JSON.stringify(choice)).join('\n'));

    const watched = watchMigration(own.stack, migration);
    const kills = await carryOutKills({ stack: own.stack, stores, migration }, choices);
    await watched.ended();
    console.log(describeKills(kills, stores).join('\n'));

    expect(kills).toHaveLength(5);
    await expectRightOutcome(s3, migration);
    const deaths = kills.filter(({ parts }) => parts.includes('workers')).map(({ atMs }) => atMs);
    expect(repeatedReads(migration, stores.requests, deaths)).toEqual([]);
  });
});
