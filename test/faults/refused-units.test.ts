import { beforeAll, describe, expect, it } from 'vitest';
import { onReadsOf } from '../support/faults/on-reads-of.js';
import { finishTimes } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { repeatMigration, smallBlobs } from '../support/migrations/generated-migration.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { migrationStatus, type MigrationStatus } from '../support/programs/migration-status.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

/** Every eighth unit of 40: one in each slice of eight, so that no slice is without one. */
const isStuck = (_unit: unknown, index: number): boolean => index % 8 === 0;

describe('a migration of which every eighth unit is stuck', () => {
  const own = useProxiedStack();
  let data: GeneratedMigration;

  beforeAll(async () => {
    data = await generateProxied(own, 'stuck', { units: 40, seed: 11, ...smallBlobs });
  }, 300_000);

  it('moves the others, and fails those that the source refuses for good, with status and code', async () => {
    const { stack, stores, s3 } = own;
    const migration = await repeatMigration(stack, data, 'stuck-for-good');
    const refusal = { kind: 'refuse', status: 409, code: 'BlobUsesCustomerSpecifiedEncryption' } as const;
    stores.source.plan = onReadsOf(migration.expected.filter(isStuck), refusal);

    const run = await runLonghaulJson<MigrationStatus>(
      ['start', migration.migrationPath, '--watch'],
      stack.environment,
    );

    expect(run, run.stderr).toMatchObject({
      exitCode: 3,
      document: { phase: 'completed-with-failures', units: { total: 40, done: 35, failed: 5 } },
    });
    const failed = (await readReceipts(s3, migration.bucket, migration.name)).filter(({ state }) => state === 'failed');
    expect(failed.map(({ id }) => id).sort()).toEqual(
      migration.expected
        .filter(isStuck)
        .map(({ id }) => id)
        .sort(),
    );
    for (const receipt of failed) {
      expect(receipt).toMatchObject({ class: 'SourceRefused', message: expect.stringContaining('409') as string });
      expect(receipt['message']).toContain('BlobUsesCustomerSpecifiedEncryption');
    }
    const objects = await readObjects(s3, migration.bucket, 'units/');
    expect([...objects.keys()]).toEqual(
      migration.expected
        .filter(not(isStuck))
        .map(({ key }) => key)
        .sort(),
    );
    const tries = stores.source.requests.filter(({ fault }) => fault === refusal).length;
    expect(tries, 'each is tried once more, to be sure').toBeLessThanOrEqual(2 * mostBlobs(migration) * 5);
  });

  it('moves the others while those that may pass are tried again, and shows what they wait for', async () => {
    const { stack, stores, s3 } = own;
    const migration = await repeatMigration(stack, data, 'stuck-for-now');
    const first = stores.requests.length;
    stores.source.plan = onReadsOf(migration.expected.filter(isStuck), {
      kind: 'refuse',
      status: 500,
      code: 'InternalError',
    });
    const watched = watchMigration(stack, migration);

    await until(
      'all units but the stuck ones are stored',
      () => finishTimes(migration, stores.requests.slice(first)).size === 35,
    );
    await until('status names what they wait for', async () => {
      const { waiting = [] } = (await migrationStatus(stack, migration.name)) ?? {};
      return waiting.some(({ message }) => message.includes('InternalError'));
    });
    stores.source.plan = () => undefined;
    await runLonghaul(['resume', migration.name], stack.environment);
    await watched.ended();

    await expectRightOutcome(s3, migration);
  });
});

function mostBlobs({ expected }: GeneratedMigration): number {
  return Math.max(...expected.map(({ wantedBlobNames }) => wantedBlobNames.length));
}

function not(rule: (unit: unknown, index: number) => boolean): typeof rule {
  return (unit, index) => !rule(unit, index);
}
