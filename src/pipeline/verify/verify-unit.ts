import type { LaterRounds } from '../../control/ledger/later-rounds.js';
import { Failure } from '../../domain/failure.js';
import { migrationOf } from '../../domain/ids.js';
import { objectProof, type ObjectProofOfRound } from '../../domain/target/proven-object.js';
import type { Receipt } from '../../domain/receipt.js';
import { roundSettings, settingsFor } from '../../domain/round-settings.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { RoundSettings, VerificationScope } from '../../domain/stored/verification-records.js';
import type { StagedUnit } from '../../domain/unit.js';
import { objectIdentity } from '../publish/object-identity.js';
import type { ObjectTarget } from '../publish/object-target.js';
import type { WrittenUnit } from './compare-object.js';
import { lookAtObject, type SeenObject } from './look-at-object.js';

/** One unit to verify, and what that needs. */
export interface VerifyJob {
  readonly unit: StagedUnit;
  readonly resources: { readonly record: MigrationRecord; readonly target: ObjectTarget };
  /** Longhaul's version, for the receipt. */
  readonly buildInfo: string;
  readonly signal: AbortSignal;
  /** The rounds of the migration that may have replaced the object since the verification was staged. */
  readonly laterRounds: LaterRounds;
}

/**
 * Compares the object of one unit with its receipt, and reads it back where that is asked for. Nothing is written.
 * Returns a receipt: `done` means that the object is as it was written. Before an object is called different, it is
 * compared with what later rounds of the migration say. Throws a `Failure` that may pass or that somebody has to put
 * right.
 */
export async function verifyUnit(job: VerifyJob): Promise<Receipt> {
  const scope = scopeOf(job);
  let compared = await compareWith(job, stagedProof(job), scope.settings);
  // Ends, because each proof is of a later round than the one before.
  while (compared.seen.differences.length > 0) {
    const later = await job.laterRounds.find(
      job.unit.index,
      Math.max(compared.written.expected.round + 1, scope.closedRounds),
      job.signal,
    );
    if (later === undefined) break;
    if (later.state === 'open') {
      if (isOfOthers(compared.seen)) break;
      const note = `not compared: round ${String(later.round)} moves the unit again and has no receipt of it yet`;
      return receiptOf(job, { ...compared, seen: { ...compared.seen, differences: [] } }, [note]);
    }
    const proof = objectProof(later.receipt, later.round);
    if (proof === undefined) break;
    const settings = [...scope.settings, roundSettings(later.record.definition, later.round)];
    const { readBack } = compared.written.expected;
    const expected = { ...proof.expected, ...(readBack === true && { readBack }) };
    compared = await compareWith(job, { ...proof, expected }, settings);
  }
  return receiptOf(job, compared, []);
}

interface Compared {
  readonly written: WrittenUnit & { readonly key: string };
  readonly seen: SeenObject;
}

function scopeOf({ resources: { record } }: VerifyJob): VerificationScope {
  if (record.verify !== undefined) return record.verify;
  throw new Failure('InternalPlanError', `${record.name} is not a verification`);
}

function stagedProof({ unit: { id, key, previous, expected } }: VerifyJob): ObjectProofOfRound {
  if (previous !== undefined && expected !== undefined) return { key, previous, expected };
  throw new Failure('InternalPlanError', `unit ${id} was staged without what its object is compared with`);
}

async function compareWith(
  { unit, resources: { record, target }, signal }: VerifyJob,
  proof: ObjectProofOfRound,
  all: readonly RoundSettings[],
): Promise<Compared> {
  const migration = { ...record, name: migrationOf(record.name) };
  const identity = objectIdentity(migration, unit, proof.previous.manifest);
  const written = { ...proof, identity, settings: settingsFor(all, proof.expected) };
  return { written, seen: await lookAtObject(target, written, signal) };
}

/** Reports whether an object is gone, or somebody else's: then no open round has just written it. */
function isOfOthers({ head, differences }: SeenObject): boolean {
  return head === undefined || differences.some((each) => each.class === 'VerifyMismatch/Foreign');
}

function receiptOf({ unit, buildInfo }: VerifyJob, { written, seen }: Compared, notes: readonly string[]): Receipt {
  const { expected, previous, key } = written;
  const { head, differences, readBack } = seen;
  const [gravest] = differences;
  const isInArchive = expected.readBack === true && head?.isArchived === true;
  return {
    ...{ index: unit.index, id: unit.id, key },
    ...(gravest === undefined
      ? { state: 'done' }
      : {
          state: 'failed',
          class: gravest.class,
          message: `${key}: ${differences.map(({ text }) => text).join('; ')}`,
        }),
    blobs: 0,
    bytes: { source: 0, raw: readBack ? previous.rawBytes : 0, target: readBack ? expected.bytes : 0 },
    verified: {
      ...{ round: expected.round, readBack },
      ...(isInArchive && { archived: head.storageClass ?? 'an archive' }),
    },
    ...{ skipped: [], notes, build: buildInfo, at: new Date().toISOString() },
  };
}
