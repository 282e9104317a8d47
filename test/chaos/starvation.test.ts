import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerWrites } from '../support/faults/ledger-writes.js';
import { onReadsOf } from '../support/faults/on-reads-of.js';
import { finishTimes } from '../support/faults/repeated-reads.js';
import { repeatMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import type { MigrationStatus } from '../support/programs/migration-status.js';
import { readReceipts } from '../support/programs/target-objects.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

const units = 104;
/** One unit in each slice of eight, so that no slice is without one. */
const isRefused = (index: number): boolean => index % 8 === 0;

describe('a migration of which the source refuses every eighth unit for good', () => {
  const own = useProxiedStack();

  it('moves the others in less than twice the time that they take without the refused ones', async () => {
    const { stack, stores, s3 } = own;
    const data = await generateProxied(own, 'starving', { units, seed: 11, bigUnitRawBytes: 0 });
    const healthy = data.expected.filter((_unit, index) => !isRefused(index));
    const undisturbed = async (name: string): Promise<number> => {
      const migration = await repeatWithout(data, name);
      await watchMigration(stack, migration).ended();
      return spanMs(migration);
    };
    /** From the first claim of a slice until the last of the healthy units is stored. */
    const spanMs = ({ bucket, ...migration }: GeneratedMigration): number => {
      const claim = ledgerWrites(stores.requests).find(({ ledger }) => ledger.startsWith(`/${bucket}/`));
      const finished = finishTimes({ ...migration, bucket }, stores.requests);
      const times = healthy.map(({ key }) => finished.get(key) ?? Number.NaN);
      return Math.max(...times) - (claim?.acceptedMs ?? Number.NaN);
    };

    // Before and after, because the machine may be busier at one time than at another.
    const before = await undisturbed('starving-before');
    const migration = await repeatMigration(stack, data, 'starving-refused');
    const refused = data.expected.filter((_unit, index) => isRefused(index));
    stores.source.plan = onReadsOf(refused, {
      kind: 'refuse',
      status: 409,
      code: 'BlobUsesCustomerSpecifiedEncryption',
    });
    const run = await runLonghaulJson<MigrationStatus>(
      ['start', migration.migrationPath, '--watch'],
      stack.environment,
    );
    stores.source.plan = () => undefined;
    const after = await undisturbed('starving-after');

    expect(run, run.stderr).toMatchObject({
      exitCode: 3,
      document: { phase: 'completed-with-failures', units: { total: units, done: 91, failed: 13 } },
    });
    const receipts = await readReceipts(s3, migration.bucket, migration.name);
    const failed = receipts.filter(({ state }) => state === 'failed');
    expect(failed.map(({ id }) => id).sort()).toEqual(refused.map(({ id }) => id).sort());
    for (const receipt of failed) {
      expect(receipt).toMatchObject({ class: 'SourceRefused', message: expect.stringContaining('409') as string });
      expect(receipt['message']).toContain('BlobUsesCustomerSpecifiedEncryption');
    }
    const disturbed = spanMs(migration);
    console.log(
      `undisturbed ${before.toFixed(0)} and ${after.toFixed(0)} ms, beside refused ${disturbed.toFixed(0)} ms`,
    );
    expect(disturbed).toBeLessThan(2 * Math.max(before, after));
  });

  /** Writes the files of a migration that has only the units that are not refused. */
  async function repeatWithout(data: GeneratedMigration, name: string): Promise<GeneratedMigration> {
    const unitsPath = join(dirname(data.unitsPath), `${name}.csv`);
    const [header, ...lines] = (await readFile(data.unitsPath, 'utf8')).trimEnd().split('\n');
    await writeFile(unitsPath, [header, ...lines.filter((_line, index) => !isRefused(index)), ''].join('\n'));
    const migration = await repeatMigration(own.stack, data, name, (text) => text.replace('units.csv', `${name}.csv`));
    return { ...migration, unitsPath, expected: data.expected.filter((_unit, index) => !isRefused(index)) };
  }
});
