import { readReceipts } from '../../../src/control/ledger/read-receipts.js';
import { unitHistories } from '../../../src/control/ledger/unit-histories.js';
import { readNewestRound } from '../../../src/control/newest-round.js';
import { readStagedRecord, writeRecord } from '../../../src/control/stored-record.js';
import { partitionSlices } from '../../../src/domain/layout.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import { moveSlice } from '../../../src/pipeline/slice/move-slice.js';
import type { MigrationResources } from '../../../src/pipeline/unit/migration-resources.js';
import { stageVerification, type VerificationOrder } from '../../../src/staging/stage-verification.js';
import type { MemoryMigration } from './memory-migration.js';

const { signal } = new AbortController();

/** Runs the slices of a round in memory. */
export async function runRound(resources: MigrationResources): Promise<readonly Receipt[]> {
  const { record } = resources;
  for (let partition = 0; partition < record.layout.partitions; partition += 1)
    for (const slice of partitionSlices(record.layout, partition))
      await moveSlice({
        ...{ task: { ...slice, epoch: 1, round: record.round }, resources, signal, beat: () => {} },
        ...{ process: createProcessResources({ unitsInFlight: 4 }), buildInfo: 'longhaul 0.1.0' },
      });
  return receiptsOf(resources);
}

/** Returns the receipts of a round, by their units. */
export async function receiptsOf(resources: MigrationResources): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for await (const some of readReceipts(resources, signal)) receipts.push(...some);
  return receipts.sort((a, b) => a.index - b.index);
}

/** Stores the record of the first round of a migration and moves its units. */
export async function movedMigration(migration: MemoryMigration): Promise<MemoryMigration> {
  const { resources } = migration;
  await writeRecord(resources, { record: resources.record, replaces: undefined }, signal);
  await runRound(resources);
  return migration;
}

/** Stages a verification of a migration in memory and returns what its slices need. */
export async function stageMemoryVerification(
  migration: MemoryMigration,
  order: Partial<VerificationOrder> = {},
  closedRounds?: number,
): Promise<MigrationResources> {
  const { control, base } = migration;
  const newest = await readNewestRound({ control, base }, signal);
  if (newest === undefined) throw new Error('the migration is not staged');
  const rounds: MigrationRecord[] = [];
  for (let round = 0; round <= newest.record.round; round += 1)
    rounds.push(await readStagedRecord({ control, base, round }, signal));
  const place = { control, base: `${base}/verify` };
  // None of these has a summary; a new one would attach to it.
  for (const key of control.objects.keys()) if (key.startsWith(`${place.base}/`)) control.objects.delete(key);
  const staged = await stageVerification({
    ...{ store: control, base: place.base, rounds, closedRounds: closedRounds ?? rounds.length },
    order: { sampleOf: () => 0, seed: 1, ...order },
    histories: () => unitHistories({ control, base, record: newest.record }, readReceipts, signal),
    ...{ newest: undefined, isRunning: false, version: '0.1.0', now: () => new Date(0), signal },
  });
  if (staged.state !== 'staged') throw new Error(`the verification is ${staged.state}`);
  return { ...migration.resources, base: place.base, record: staged.record };
}

/** Verifies a migration in memory and returns the receipts, by their units. */
export async function verifyInMemory(
  migration: MemoryMigration,
  order: Partial<VerificationOrder> = {},
): Promise<readonly Receipt[]> {
  return runRound(await stageMemoryVerification(migration, order));
}
