import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlStore } from '../control/control-store.js';
import type { RoundReceipt, UnitHistory } from '../control/ledger/unit-histories.js';
import type { StagedRound } from '../control/newest-round.js';
import { verificationName } from '../domain/ids.js';
import { objectProof } from '../domain/target/proven-object.js';
import { roundSettings } from '../domain/round-settings.js';
import { controlFormat, type MigrationRecord } from '../domain/stored/migration-record.js';
import type { RoundSettings, VerificationScope } from '../domain/stored/verification-records.js';
import type { StagedUnit } from '../domain/unit.js';
import { markSample, type Sample } from './sample-lines.js';
import { onDisk, SpoolFile } from './spool-file.js';
import type { StagingProgress } from './spool-units.js';
import { stageRound } from './stage-round.js';

/** Which objects to verify, and how. */
export interface VerificationOrder extends Pick<VerificationScope, 'sample' | 'seed' | 'since'> {
  /** How many objects to read back, by the number that there are. */
  readonly sampleOf: (objects: number) => number;
}

/** What a verification is staged from. */
export interface VerificationRequest {
  readonly store: ControlStore;
  /** Key base of the verification's control objects. */
  readonly base: string;
  readonly order: VerificationOrder;
  /** All rounds of the migration, the oldest first. */
  readonly rounds: readonly MigrationRecord[];
  /** How many of them are closed: all, or all but the newest. */
  readonly closedRounds: number;
  readonly histories: () => AsyncIterable<UnitHistory>;
  /** The newest verification of the migration, if there is one. */
  readonly newest: StagedRound | undefined;
  /** Whether that one's workflow is running. */
  readonly isRunning: boolean;
  readonly version: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress?: ((progress: StagingProgress) => void) | undefined;
}

/**
 * Which verification it is. `staged`: a new one. `attached`: one with the same options that has not ended. `other`:
 * none is staged, because one with other options is running. `empty`: there is no object to verify.
 */
export type StagedVerification =
  { readonly state: 'staged' | 'attached' | 'other'; readonly record: MigrationRecord } | { readonly state: 'empty' };

/**
 * Stages the objects of a migration that are proven in place, each with its newest proof and in bounded memory, or
 * finds a verification with the same options that has not ended.
 */
export async function stageVerification(request: VerificationRequest): Promise<StagedVerification> {
  const { newest, isRunning } = request;
  if (newest !== undefined && newest.summary === undefined) {
    const { record } = newest;
    if (isSameOrder(record, request)) return { state: 'attached', record };
    if (isRunning) return { state: 'other', record };
  }
  const parent = join(tmpdir(), 'longhaul-verify-');
  const directory = await onDisk(parent, () => mkdtemp(parent));
  try {
    const spool = await SpoolFile.create(join(directory, 'objects.ndjson'), () => {});
    try {
      return await stageObjects(request, spool);
    } finally {
      await spool.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function isSameOrder({ verify }: MigrationRecord, { order, closedRounds, isRunning }: VerificationRequest): boolean {
  return (
    verify?.sample === order.sample &&
    verify?.since === order.since &&
    verify?.seed === order.seed &&
    // One that was cancelled before a round of the migration has ended would leave the objects of that round out.
    (isRunning || verify.closedRounds === closedRounds)
  );
}

async function stageObjects(request: VerificationRequest, spool: SpoolFile): Promise<StagedVerification> {
  const { store, base, order, version, now, signal, progress } = request;
  let objects = 0;
  for await (const { proof } of request.histories()) {
    signal.throwIfAborted();
    const unit = proof && stagedUnit(proof, order.since);
    if (unit === undefined) continue;
    await spool.add(JSON.stringify(unit));
    objects += 1;
    if (objects % toldEvery === 0) progress?.({ units: objects, slices: 0 });
  }
  await spool.flush();
  if (objects === 0) return { state: 'empty' };
  const take = Math.min(Math.max(0, order.sampleOf(objects)), objects);
  const sample: Sample = { take, of: objects, seed: order.seed };
  const readBack = { objects: take, bytes: take === 0 ? 0 : await bytesOf(markedUnits(spool, sample)) };
  const says = newVerification(request, readBack);
  const units = markedUnits(spool, sample);
  const record = await stageRound({ ...{ store, base, says, units }, ...{ version, now, signal, progress } });
  return { state: 'staged', record };
}

const toldEvery = 1_000;

/** Returns the unit with the proof of its object; undefined if the object was published earlier. */
function stagedUnit({ round, receipt }: RoundReceipt, since: string | undefined): StagedUnit | undefined {
  const isPublished = receipt.state === 'done' && (since === undefined || receipt.at >= since);
  if (since !== undefined && !isPublished) return undefined;
  const proof = objectProof(receipt, round);
  return proof && { index: receipt.index, id: receipt.id, fields: {}, ...proof };
}

async function* markedUnits(spool: SpoolFile, sample: Sample): AsyncGenerator<StagedUnit> {
  for await (const { line, isTaken } of markSample(spool.lines(), sample)) {
    const unit = JSON.parse(line) as StagedUnit;
    const { expected } = unit;
    yield isTaken && expected !== undefined ? { ...unit, expected: { ...expected, readBack: true } } : unit;
  }
}

async function bytesOf(units: AsyncIterable<StagedUnit>): Promise<number> {
  let bytes = 0;
  for await (const { expected } of units) if (expected?.readBack === true) bytes += expected.bytes;
  return bytes;
}

/** The definition is that of the newest round, under the name of the verification. */
function newVerification(
  { rounds, closedRounds, newest, order }: VerificationRequest,
  readBack: VerificationScope['readBack'],
): Parameters<typeof stageRound>[0]['says'] {
  const migration = rounds.at(-1);
  if (migration === undefined) throw new RangeError('a migration has at least one round');
  const { id, definition, definitionDigest } = migration;
  const name = verificationName(migration.name);
  const { sample, seed, since } = order;
  return {
    ...{ format: controlFormat, name, ...(id !== undefined && { id }) },
    round: newest === undefined ? 0 : newest.record.round + 1,
    ...{ definition: { ...definition, name }, definitionDigest },
    verify: {
      ...{ closedRounds, seed, readBack, settings: settingsOf(rounds) },
      ...(sample !== undefined && { sample }),
      ...(since !== undefined && { since }),
    },
  };
}

/** Leaves out rounds with the settings of the one before. */
function settingsOf(rounds: readonly MigrationRecord[]): readonly RoundSettings[] {
  const kept: RoundSettings[] = [];
  for (const { definition, round } of rounds) {
    const settings = roundSettings(definition, round);
    const same = JSON.stringify({ ...kept.at(-1), round }) === JSON.stringify(settings);
    if (!same) kept.push(settings);
  }
  return kept;
}
