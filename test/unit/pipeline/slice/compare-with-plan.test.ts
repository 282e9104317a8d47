import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { recordJson } from '../../../../src/control/stored-record.js';
import { summaryJson } from '../../../../src/control/summary.js';
import type { FailureClass } from '../../../../src/domain/failure-classes.js';
import type { MigrationRecord } from '../../../../src/domain/stored/migration-record.js';
import type { PlanComparison } from '../../../../src/domain/figures/tally.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { compareWithPlan } from '../../../../src/pipeline/slice/compare-with-plan.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';
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
  const move = async (): Promise<Moved> => {
    const { tally } = await run(migration.resources);
    return { sincePlan: tally.sincePlan, notes: migration.receipts.map((receipt) => receipt.notes) };
  };
  return { migration, base, move };
}

/** What a run says of its plan: of each unit, and in its figures. */
interface Moved {
  readonly notes: readonly (readonly string[])[];
  readonly sincePlan: PlanComparison | undefined;
}

const changed = ['the source has changed since the plan, which found 4 bytes in 1 blob'];
const notCompared: Moved = { notes: [[], [], []], sincePlan: undefined };

describe('moving units that have been planned', () => {
  it('notes in receipts, and counts, those that have other blobs than the plan had found', async () => {
    const { migration, move } = await plannedMigration();
    migration.addBlob(1, 'b', 'more');
    migration.addBlob(2, 'a', 'TEXT');
    expect(await move()).toEqual({ notes: [[], changed, changed], sincePlan: { compared: 3, changed: 2 } });
  });

  it('counts a unit that was ready and no longer has a blob', async () => {
    const { migration, move } = await plannedMigration();
    migration.source.remove({ account: 'east', container: 'events', name: 'unit-1/a' });
    expect(await move()).toEqual({ notes: [[], changed, []], sincePlan: { compared: 3, changed: 1 } });
  });

  it('counts a unit that was ready and is incomplete now, and leaves out what cannot be compared', () => {
    const receipt = smallReceipt(0);
    const compare = (failureClass: FailureClass, isReady: boolean) => {
      const planned = { digest: 'd', isReady, blobs: 1, bytes: 4 };
      return compareWithPlan({ ...receipt, state: 'failed', class: failureClass }, planned).sincePlan;
    };
    expect(compare('Incomplete', true)).toBe('changed');
    expect(compare('Incomplete', false)).toBeUndefined();
    expect(compare('SourceAuth', true)).toBeUndefined();
  });

  it.each<[string, Partial<MigrationRecord>]>([
    ['of another definition', { definitionDigest: 'other' }],
    ['of other units', { fileDigest: 'other' }],
  ])('notes nothing after a plan %s', async (_what, changes) => {
    const { migration, move } = await plannedMigration(changes);
    migration.addBlob(1, 'b', 'more');
    expect(await move()).toEqual(notCompared);
  });

  it('notes nothing after a plan that has not ended, or whose records are damaged', async () => {
    for (const key of [controlKeys.summary, controlKeys.migration]) {
      const { migration, base, move } = await plannedMigration();
      if (key === controlKeys.summary) migration.control.objects.delete(key(base, 0));
      else migration.control.objects.set(key(base, 0), Buffer.from('{}'));
      migration.addBlob(1, 'b', 'more');
      expect(await move()).toEqual(notCompared);
    }
  });
});
