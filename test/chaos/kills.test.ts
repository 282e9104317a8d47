import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { S3Client } from '@aws-sdk/client-s3';
import { watchMigration } from '../support/programs/await-migration.js';
import { repeatMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { carryOutKills, chooseKills, describeKills, expectSteadyFigures } from '../support/faults/random-kills.js';
import { randomNumbers } from '../support/random-numbers.js';
import { repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { listKeys, readObject } from '../support/programs/target-objects.js';
import { testSeed } from '../support/test-seed.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('workers and servers killed many times at random requests of one migration', () => {
  const units = 600;
  const killCount = 30;
  const own = useProxiedStack();

  it('leave the bucket byte for byte as an undisturbed run does, and no finished unit is read again', async () => {
    const { stack, stores, s3 } = own;
    const migration = await generateProxied(own, 'chaos', { units, seed: 8 });
    const undisturbed = await repeatMigration(stack, migration, 'chaos-undisturbed');
    await watchMigration(stack, undisturbed).ended();

    const first = stores.requests.length;
    const choices = chooseKills(randomNumbers(testSeed('chaos')), killCount, units);
    console.log(choices.map((choice) => JSON.stringify(choice)).join('\n'));
    const watched = watchMigration(stack, migration);
    const kills = await carryOutKills(own, migration, choices);
    await watched.ended();
    console.log(describeKills(kills, stores.requests).join('\n'));

    expect(kills).toHaveLength(killCount);
    expectSteadyFigures(kills, units);
    await expectRightOutcome(s3, migration);
    expect(await storedBytes(s3, migration)).toEqual(await storedBytes(s3, undisturbed));
    const deaths = kills.filter(({ parts }) => parts.includes('workers')).map(({ atMs }) => atMs);
    expect(repeatedReads(migration, stores.requests.slice(first), deaths)).toEqual([]);
  });
});

/** Digests what is stored under each key, without unpacking it. */
async function storedBytes(s3: S3Client, { bucket }: GeneratedMigration): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const key of await listKeys(s3, bucket, 'units/')) {
    const { bytes } = await readObject(s3, bucket, key);
    digests.set(key, createHash('sha256').update(bytes).digest('hex'));
  }
  return digests;
}
