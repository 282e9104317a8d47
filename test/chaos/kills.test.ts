import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendFile } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { watchMigration } from '../support/await-migration.js';
import {
  generateMigration,
  repeatMigration,
  s3Client,
  type GeneratedMigration,
} from '../support/generated-migration.js';
import { startProxiedStores, type ProxiedStores } from '../support/proxied-stores.js';
import { carryOutKills, chooseKills, describeKills } from '../support/random-kills.js';
import { randomNumbers } from '../support/random-numbers.js';
import { repeatedReads } from '../support/repeated-reads.js';
import { expectRightOutcome } from '../support/right-outcome.js';
import { startStack, type StartedStack } from '../support/start-stack.js';
import { listKeys, readObject } from '../support/target-objects.js';
import { testSeed } from '../support/test-seed.js';

describe('workers and servers killed many times at random requests of one migration', () => {
  const units = 600;
  const killCount = 30;
  let own: StartedStack;
  let stores: ProxiedStores;
  let s3: S3Client;
  let migration: GeneratedMigration;

  beforeAll(async () => {
    own = await startStack();
    stores = await startProxiedStores(own.stack);
    s3 = s3Client(own.stack);
    migration = await generateMigration(own.stack, 'chaos', { units, seed: 8 }, stores.endpoints);
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 10s\n');
  }, 600_000);

  afterAll(async () => {
    s3.destroy();
    await stores.close();
    await own.end();
  });

  it('leave the bucket byte for byte as an undisturbed run does, and no finished unit is read again', async () => {
    const undisturbed = await repeatMigration(own.stack, migration, 'chaos-undisturbed');
    await watchMigration(own.stack, undisturbed).ended();

    const first = stores.requests.length;
    const choices = chooseKills(randomNumbers(testSeed('chaos')), killCount, units);
    console.log(choices.map((choice) => JSON.stringify(choice)).join('\n'));
    const watched = watchMigration(own.stack, migration);
    const kills = await carryOutKills({ stack: own.stack, stores, migration }, choices);
    await watched.ended();
    console.log(describeKills(kills, stores).join('\n'));

    expect(kills).toHaveLength(killCount);
    await expectRightOutcome(s3, migration);
    expect(await storedBytes(s3, migration)).toEqual(await storedBytes(s3, undisturbed));
    const deaths = kills.filter(({ parts }) => parts.includes('workers')).map(({ atMs }) => atMs);
    expect(repeatedReads(migration, stores.requests.slice(first), deaths)).toEqual([]);
  });
});

/** Digests what is stored under each key, as it is stored. */
async function storedBytes(s3: S3Client, { bucket }: GeneratedMigration): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const key of await listKeys(s3, bucket, 'units/')) {
    const { bytes } = await readObject(s3, bucket, key);
    digests.set(key, createHash('sha256').update(bytes).digest('hex'));
  }
  return digests;
}
