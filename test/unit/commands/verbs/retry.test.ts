import { beforeEach, describe, expect, it } from 'vitest';
import type { RootStart } from '../../../../src/commands/ports/temporal-port.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { readReceipts } from '../../../../src/control/ledger/read-receipts.js';
import { readStagedRecord } from '../../../../src/control/stored-record.js';
import { readStagedSlice } from '../../../../src/control/staged-slice.js';
import type { StagedUnit } from '../../../../src/domain/unit.js';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import {
  movedMigration,
  nextRound,
  runRound,
  stageMemoryVerification,
} from '../../../support/fakes/memory-verification.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, tally } from '../sample-documents.js';

const base = '.longhaul/orders';
const { signal } = new AbortController();

describe('retry of what a verification found', () => {
  let migration: MemoryMigration;
  beforeEach(async () => {
    migration = new MemoryMigration({ units: 4 });
    for (const unit of [0, 1, 2]) migration.addBlob(unit, 'a', `content of unit ${String(unit)}`);
    // Unit 3 has no blob and fails.
    await movedMigration(migration);
    close(base, 'orders', 0);
  });

  function close(prefix: string, name: string, round: number): void {
    const times = { startedAt: '2026-01-02T03:04:05.000Z', endedAt: '2026-01-02T03:04:06.000Z' };
    const summary = { format: 1, name, round, total: 4, tally, phase: 'completed-with-failures', ...times };
    migration.control.objects.set(controlKeys.summary(prefix, round), Buffer.from(JSON.stringify(summary)));
  }

  async function verified(isClosed = true): Promise<void> {
    const verification = await stageMemoryVerification(migration);
    await runRound(verification);
    if (isClosed) close(`${base}/verify`, 'verify/orders', 0);
  }

  async function retry(...options: string[]) {
    const starts: RootStart[] = [];
    const context = fakeContext({
      connectTemporal: async () =>
        fakeTemporal([completedRoot], {
          startRoot: async (start) => {
            starts.push(start);
            return { runId: 'run-2' };
          },
          controlAddress: async (name) => ({ name, bucket: 'archive', prefix: '.longhaul', s3: {} }),
        }),
      stores: {
        openControl: async () => migration.control,
        readReceipts: (record: never, control: never) =>
          readReceipts({ record, control, base: baseOf(record) }, signal),
        readStagedUnits: async (...request: Parameters<typeof readStagedSlice>) =>
          (await readStagedSlice(...request)).units,
      } as never,
    });
    const status = await runProgram(['retry', 'orders', ...options], context);
    const round = starts[0]?.input.round;
    const units = round === undefined ? [] : await stagedIn(round);
    return { status, out: context.out.text(), err: context.err.text(), units };
  }

  async function stagedIn(round: number): Promise<readonly StagedUnit[]> {
    const { control } = migration;
    const record = await readStagedRecord({ control, base, round }, signal);
    const slice = { partition: 0, slice: 0, firstUnit: 0, units: record.layout.units };
    return (await readStagedSlice({ control, base, record }, slice, signal)).units;
  }

  it('stages the units that differ, to be replaced, and those that have failed', async () => {
    migration.target.objects.delete('orders/unit-1.gz');
    await verified();
    const { status, out, units } = await retry();
    expect(status).toBe(0);
    expect(out).toBe(
      'Started round 1 of the migration orders: 2 units, 1 of them to replace what a verification found.\n',
    );
    const [unit, failed] = units;
    expect(unit).toMatchObject({ index: 1, repair: true, earlier: 'done', previous: { rawBytes: 17 } });
    expect(failed).toMatchObject({ index: 3, earlier: 'failed' });
    expect(failed).not.toHaveProperty('repair');
  });

  it('chooses by the class of the difference', async () => {
    migration.target.objects.delete('orders/unit-1.gz');
    await verified();
    expect((await retry('--class', 'VerifyMismatch/Missing')).units).toMatchObject([{ index: 1 }]);
    expect((await retry('--class', 'VerifyMismatch/Size')).status).toBe(2);
  });

  it('leaves out what a later round has moved again, but not what it only found in place', async () => {
    migration.target.objects.delete('orders/unit-0.gz');
    const object = migration.target.objects.get('orders/unit-1.gz');
    if (object !== undefined)
      migration.target.objects.set('orders/unit-1.gz', { ...object, more: { storageClass: 'GLACIER' } });
    await verified();
    await nextRound(migration);
    close(base, 'orders', 1);
    expect((await retry('--class', 'Verify')).units).toMatchObject([{ index: 1, repair: true, earlier: 'found' }]);
  });

  it('says that a verification has not ended, whose differences it does not know', async () => {
    migration.target.objects.delete('orders/unit-1.gz');
    await verified(false);
    const { err, units } = await retry();
    expect(units).toMatchObject([{ index: 3 }]);
    expect(err).toContain('The verification of orders has not ended');
  });
});

function baseOf({ name }: { readonly name: string }): string {
  return name === 'orders' ? base : `${base}/verify`;
}
