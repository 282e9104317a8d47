import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { recordJson } from '../../../../src/control/stored-record.js';
import { summaryJson } from '../../../../src/control/summary.js';
import type { MigrationRecord } from '../../../../src/domain/stored/migration-record.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';

/** A migration of three units that has been planned; `changes` are to the record of the plan. */
async function plannedMigration(changes: Partial<MigrationRecord> = {}) {
  const migration = new MemoryMigration({ units: 3 });
  for (const unit of [0, 1, 2]) migration.addBlob(unit, 'a', 'text');
  const { record } = migration.resources;
  const plan: MigrationRecord = {
    ...{ ...record, name: 'plan/orders', plan: { of: 3, seed: 1 }, fileDigest: record.unitsDigest },
    ...changes,
  };
  const base = `${migration.base}/plan`;
  const staged = migration.control.objects.get(migration.stagedKey) ?? Buffer.alloc(0);
  migration.control.objects.set(controlKeys.stagedSlice(base, 0, plan.unitsDigest, migration.task), staged);
  migration.control.objects.set(controlKeys.migration(base, 0), Buffer.from(recordJson.bytes(plan)));
  const run = (resources: typeof migration.resources) =>
    moveSlice({
      ...{ task: migration.task, resources, process: createProcessResources({ unitsInFlight: 4 }), beat: () => {} },
      ...{ signal: new AbortController().signal, buildInfo: 'longhaul 0.1.0' },
    });
  const { tally } = await run({ ...migration.resources, base, record: plan });
  const times = { startedAt: '2026-01-02T03:04:05.000Z', endedAt: '2026-01-02T03:04:06.000Z' };
  const summary = { format: 1, name: plan.name, round: 0, total: 3, tally, phase: 'completed', ...times } as const;
  migration.control.objects.set(controlKeys.summary(base, 0), Buffer.from(summaryJson.bytes(summary)));
  const notes = async (): Promise<readonly (readonly string[])[]> => {
    await run(migration.resources);
    return migration.receipts.map((receipt) => receipt.notes);
  };
  return { migration, base, notes };
}

const changed = ['the source has changed since the plan, which found 4 bytes in 1 blob'];

describe('moving units that have been planned', () => {
  it('notes in the receipts of those whose blobs have changed since what the plan had found', async () => {
    const { migration, notes } = await plannedMigration();
    migration.addBlob(1, 'b', 'more');
    migration.addBlob(2, 'a', 'TEXT');
    expect(await notes()).toEqual([[], changed, changed]);
  });

  it.each<[string, Partial<MigrationRecord>]>([
    ['of another definition', { definitionDigest: 'other' }],
    ['of other units', { fileDigest: 'other' }],
  ])('notes nothing after a plan %s', async (_what, changes) => {
    const { migration, notes } = await plannedMigration(changes);
    migration.addBlob(1, 'b', 'more');
    expect(await notes()).toEqual([[], [], []]);
  });

  it('notes nothing after a plan that has not ended, or whose records are damaged', async () => {
    for (const key of [controlKeys.summary, controlKeys.migration]) {
      const { migration, base, notes } = await plannedMigration();
      if (key === controlKeys.summary) migration.control.objects.delete(key(base, 0));
      else migration.control.objects.set(key(base, 0), Buffer.from('{}'));
      migration.addBlob(1, 'b', 'more');
      expect(await notes()).toEqual([[], [], []]);
    }
  });
});
