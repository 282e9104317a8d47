import { readReceipts } from '../../../src/control/ledger/read-receipts.js';
import { unitHistories } from '../../../src/control/ledger/unit-histories.js';
import { readNewestRound } from '../../../src/control/newest-round.js';
import { readStagedRecord, writeRecord } from '../../../src/control/stored-record.js';
import { controlKeys } from '../../../src/control/control-keys.js';
import { previousObject } from '../../../src/domain/target/proven-object.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { stageNextRound } from '../../../src/staging/stage-next-round.js';
import { partitionSlices } from '../../../src/domain/layout.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import { moveSlice } from '../../../src/pipeline/slice/move-slice.js';
import type { SliceJob } from '../../../src/pipeline/slice/slice-job.js';
import type { MigrationResources } from '../../../src/pipeline/unit/migration-resources.js';
import { stageVerification, type VerificationOrder } from '../../../src/staging/stage-verification.js';
import type { MemoryMigration } from './memory-migration.js';

const { signal } = new AbortController();

/** Runs the slices of a round in memory. */
export async function runRound(
  resources: MigrationResources,
  beat: SliceJob['beat'] = () => {},
): Promise<readonly Receipt[]> {
  const { record } = resources;
  for (let partition = 0; partition < record.layout.partitions; partition += 1)
    for (const slice of partitionSlices(record.layout, partition))
      await moveSlice({
        ...{ task: { ...slice, epoch: 1, round: record.round }, resources, signal, beat },
        ...{ process: createProcessResources({ unitsInFlight: 4 }), buildInfo: 'longhaul 0.1.0' },
      });
  return receiptsOf(resources);
}

/** Returns the receipts of a round, by their units. */
async function receiptsOf(resources: MigrationResources): Promise<readonly Receipt[]> {
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

/**
 * Stages and moves the next round of a migration over all of its units. `open`: its objects are written, and no receipt
 * has been flushed yet.
 */
export async function nextRound(
  migration: MemoryMigration,
  how: 'moved' | 'open' = 'moved',
  change: (unit: StagedUnit) => StagedUnit = (unit) => unit,
): Promise<readonly Receipt[]> {
  const { control, base, resources } = migration;
  const before = await receiptsOf(resources);
  const staged = migration.units.map((unit) => {
    const receipt = before.find(({ index }) => index === unit.index);
    const previous = receipt && previousObject(receipt);
    return change({ ...unit, ...(receipt && { earlier: receipt.state }), ...(previous && { previous }) });
  });
  const record = await stageNextRound({
    ...{ store: control, base, previous: resources.record, units: each(staged), version: '0.1.0', signal },
    says: { ...resources.record, fileDigest: 'f', before: { total: 2, done: 2, found: 0, empty: 0, failed: 0 } },
    now: () => new Date(0),
  });
  const receipts = await runRound({ ...resources, record });
  if (how === 'open') control.objects.delete(controlKeys.ledger(base, record.round, { partition: 0, slice: 0 }));
  return receipts;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
