import { Failure, toFailure } from '../../domain/failure.js';
import { blobLabel, listedBytes, type Manifest } from '../../domain/manifest.js';
import { partSizeBytes } from '../../domain/part-plan.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import { confirmDamage } from '../second-decoder/confirm-damage.js';
import { discover } from '../discover/discover.js';
import { FindingsLog } from '../../domain/findings-log.js';
import { readFindings, toReceipt } from '../../control/stored-findings.js';
import { makeReceipt } from './make-receipt.js';
import { objectIdentity, rawProofOf, type ObjectIdentity } from '../publish/object-identity.js';
import type { TargetHead, WriteCondition } from '../publish/object-target.js';
import { crc32Base64 } from '../../domain/crc32-base64.js';
import type { RawProof } from '../pack/raw-digest.js';
import { readBack } from '../publish/read-back.js';
import { decideTarget } from '../publish/target-decision.js';
import { transferBytes } from './transfer-bytes.js';
import { tryAgain } from '../../flow/try-again.js';
import type { NotedJob, UnitJob } from './unit-job.js';
import { checkpointPlace, readCheckpoint } from '../../control/checkpoint.js';

/**
 * Moves one unit: finds its blobs, downloads, decodes, joins, packs and publishes them as one object, proven in place. Gives its receipt,
 * also where the unit fails for good by its content, its source or a conflict at the target. Throws a `Failure` where the failure may
 * pass or waits for somebody: the unit is then neither done nor failed, and nothing was published under its key.
 */
export async function moveUnit(move: UnitJob): Promise<Receipt> {
  const state: MoveState = { manifest: undefined, findings: new FindingsLog() };
  const failures: FailureCounts = { changed: 0, damaged: 0 };
  for (let { askFirst } = move; ; askFirst = true) {
    try {
      // A try before may have left an object or a checkpoint.
      return await attemptMove({ ...move, findings: state.findings, askFirst }, state);
    } catch (error) {
      move.signal.throwIfAborted();
      const failure = toFailure(error);
      if (mayMoveAgain(failure, failures)) continue;
      if (failure.row.retry !== 'no' || failure.row.scope !== 'unit') throw failure;
      return await failedReceipt(move, state, await confirmed(move, state, failure));
    }
  }
}

/** Has a second decoder look at damage, where the failure is one. */
async function confirmed({ resources, signal }: UnitJob, state: MoveState, failure: Failure): Promise<Failure> {
  const blob = state.manifest?.blobs.find((each) => blobLabel(each) === failure.blob);
  return blob === undefined ? failure : await confirmDamage(failure, blob, resources.source, signal);
}

/** What is known so far, for the receipt of a failure. */
interface MoveState {
  manifest: Manifest | undefined;
  readonly findings: FindingsLog;
}

/** Counted apart, so that a change of the source does not use up the second look at damage. */
interface FailureCounts {
  changed: number;
  damaged: number;
}

/** A source that changes is listed again three times; damage is read once more, so that the way is not taken for the content. */
function mayMoveAgain(failure: Failure, failures: FailureCounts): boolean {
  if (failure.failureClass === 'SourceChanged') {
    failures.changed += 1;
    return failures.changed <= 3;
  }
  if (failure.row.confirm !== true) return false;
  failures.damaged += 1;
  return failures.damaged <= 1;
}

async function attemptMove(move: NotedJob, state: MoveState): Promise<Receipt> {
  const { unit, resources, signal, findings } = move;
  const { definition } = resources.record;
  findings.begin();
  const note = (text: string): void => {
    findings.note(text);
  };
  const manifest = await discover(unit, { definition, find: resources.find, source: resources.source, note }, signal);
  state.manifest = manifest;
  if (manifest.blobs.length === 0 && definition.whenEmpty !== 'write-empty') {
    if (definition.whenEmpty === 'skip') return await makeReceipt(move, manifest, { state: 'empty' });
    throw new Failure('EmptyUnit', 'no blob was found for the unit');
  }
  const identity = objectIdentity(definition.name, unit, manifest.digest);
  const place = await lookAtTarget(move, manifest, identity);
  if (place.act === 'keep') return await foundReceipt(move, manifest, place.head);
  const loaded = await transferBytes(move, manifest, identity, place.condition);
  return await makeReceipt(move, manifest, {
    state: loaded.state,
    raw: { sha256: loaded.raw.sha256, crc32: loaded.raw.crc32 },
    target: loaded.proof,
    rawBytes: loaded.raw.bytes,
    targetBytes: loaded.bytes,
    findings: toReceipt(findings.all),
  });
}

/** Asks for the object first where that may save moving bytes, or must come before a replacement; else the conditional put will tell. */
async function lookAtTarget(
  move: UnitJob,
  manifest: Manifest,
  identity: ObjectIdentity,
): Promise<
  { readonly act: 'keep'; readonly head: TargetHead } | { readonly act: 'write'; readonly condition: WriteCondition }
> {
  const { unit, resources, signal } = move;
  const { overwrite } = resources.record.definition.target;
  const sourceBytes = listedBytes(manifest.blobs);
  const ask =
    move.askFirst ||
    overwrite !== 'never' ||
    unit.previous !== undefined ||
    sourceBytes > partSizeBytes(sourceBytes, 1);
  if (!ask) return { act: 'write', condition: { kind: 'absent' } };
  const head = await tryAgain(() => resources.target.head(unit.key, signal), signal);
  const decision = decideTarget(head, { identity, previous: unit.previous, overwrite });
  if (decision.act === 'refuse') throw new Failure('TargetConflict', `${unit.key}: ${decision.reason}`);
  return decision;
}

/**
 * The object is there and ours: its digests come from its metadata, from the checkpoint of an attempt that died behind its Complete, from
 * an earlier receipt, or from reading it back.
 */
async function foundReceipt(move: UnitJob, manifest: Manifest, head: TargetHead): Promise<Receipt> {
  const { unit, resources, signal } = move;
  const { transform } = resources.record.definition;
  const raw =
    rawProofOf(head) ??
    previousProof(unit, manifest, head) ??
    (await checkpointProof(move, manifest, head)) ??
    (await readBackObject());
  return await makeReceipt(move, manifest, {
    state: 'found',
    raw: { sha256: raw.sha256, crc32: raw.crc32 },
    target: {
      etag: head.etag,
      ...(head.versionId === undefined ? {} : { versionId: head.versionId }),
      checksum: head.crc32 ?? null,
      parts: partsOfEtag(head.etag),
    },
    rawBytes: raw.bytes,
    targetBytes: head.bytes,
    findings: await readFindings({ unit, sha256: raw.sha256 }, transform, resources, signal),
  });

  function readBackObject(): Promise<RawProof> {
    const object = { key: unit.key, etag: head.etag, compress: transform.compress };
    return tryAgain(() => readBack(resources.target, object, signal), signal);
  }
}

async function checkpointProof(move: UnitJob, manifest: Manifest, head: TargetHead): Promise<RawProof | undefined> {
  if (!move.askFirst) return undefined;
  const found = await readCheckpoint(move.unit, checkpointPlace(move.resources), move.signal);
  const { completing, manifest: of } = found?.checkpoint ?? {};
  // The object may be an older one of the same manifest: its length and sum tell.
  const same = of === manifest.digest && completing?.target.bytes === head.bytes;
  return same && head.crc32 === crc32Base64(completing.target.crc32) ? completing.raw : undefined;
}

function previousProof(unit: StagedUnit, manifest: Manifest, head: TargetHead): RawProof | undefined {
  const { previous } = unit;
  if (previous?.etag !== head.etag || previous.manifest !== manifest.digest) return undefined;
  return { bytes: previous.rawBytes, sha256: previous.sha256, crc32: previous.crc32 };
}

/** An ETag of a multipart object ends in its number of parts; any other object has one. */
function partsOfEtag(etag: string): number {
  const parts = /-(\d{1,5})"?$/.exec(etag)?.[1];
  return parts === undefined ? 1 : Number(parts);
}

async function failedReceipt(move: UnitJob, state: MoveState, failure: Failure): Promise<Receipt> {
  const findings = toReceipt(state.findings.all);
  const base = await makeReceipt(move, state.manifest, { state: 'failed', findings });
  const blob = failure.blob === undefined ? {} : { blob: failure.blob };
  return { ...base, class: failure.failureClass, message: failure.message, ...blob };
}
