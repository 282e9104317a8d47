import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Definition, TransformDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { TargetProof } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ObjectIdentity, ObjectSums } from './object-identity.js';
import type { ObjectTarget, TargetHead, WriteCondition, WriteOutcome } from './object-target.js';
import { readBack } from './read-back.js';
import { decideTarget, type TargetDecision } from './target-decision.js';

/** A conditional write that makes an object appear: a put, or the Complete of a multipart upload. */
export interface PublishingWrite {
  readonly unit: StagedUnit;
  readonly identity: ObjectIdentity;
  readonly overwrite: Definition['target']['overwrite'];
  readonly compress: TransformDefinition['compress'];
  readonly target: ObjectTarget;
  /** What the write relies on at first, known from an earlier HEAD or merely assumed. */
  readonly condition: WriteCondition;
  /** Sums of the bytes that are written. */
  readonly object: ObjectSums;
  readonly parts: number;
  /** The bytes of a single put; their MD5 is compared with the ETag of a store that returns no CRC-32. */
  readonly body?: Uint8Array;
  readonly write: (condition: WriteCondition) => Promise<WriteOutcome>;
  /** Fails if this attempt no longer counts; asked before an object is replaced. */
  readonly confirmOwner?: (() => Promise<void>) | undefined;
}

/** `done`: our write made the object. `found`: it was there already, with the very bytes of ours. */
export interface SettledWrite {
  readonly state: 'done' | 'found';
  readonly proof: TargetProof;
}

/**
 * Carries a write through to a certain outcome: whatever is not a clear "stored" is decided by a HEAD. The same write
 * is repeated for up to ten minutes while the object is provably not there. Fails with `TargetConflict` if another
 * object is there, `TargetIntegrity` if the object is not what was written, `TargetUploadGone` or `TargetRace` if the
 * upload is lost and the unit must start again, and `TargetUnknownOutcome` when time is up.
 */
export async function settleWrite(write: PublishingWrite, signal: AbortSignal): Promise<SettledWrite> {
  const { target, unit } = write;
  let { condition } = write;
  let replyLost = false;
  const deadline = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    // What looks like a leftover may have been published by a newer attempt, from blobs that have changed since this
    // one listed them.
    if (condition.kind === 'etag') await write.confirmOwner?.();
    const outcome = await tryAgain(() => write.write(condition), signal);
    if (outcome.state === 'stored') return { state: 'done', proof: await proveStored(write, outcome, signal) };
    replyLost ||= outcome.state === 'unknown';

    const head = await tryAgain(() => target.head(unit.key, signal), signal);
    const decision = decideAgain(write, condition, head);
    if (decision.act === 'refuse') throw new Failure('TargetConflict', `${unit.key}: ${decision.reason}`);
    if (decision.act === 'keep')
      return { state: replyLost ? 'done' : 'found', proof: await provePresent(write, decision.head, signal) };
    if (outcome.state === 'gone')
      throw new Failure('TargetUploadGone', `${unit.key}: the upload is gone and no object is there`);
    if (outcome.state === 'race')
      throw new Failure('TargetRace', `${unit.key}: another writer was at work and no object is there`);
    if (performance.now() > deadline) {
      const cause = outcome.state === 'unknown' ? { cause: outcome.cause } : {};
      throw new Failure('TargetUnknownOutcome', `${unit.key}: the write did not take effect within 10 minutes`, cause);
    }
    condition = decision.condition;
    await wait(Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs), undefined, { signal });
  }
}

/**
 * Decides again after a write that proved nothing. An object to repair that is there as before was not replaced, even
 * where it is made of the wanted blobs; what somebody else has put in its place is theirs, whatever `overwrite` says.
 */
function decideAgain(write: PublishingWrite, condition: WriteCondition, head: TargetHead | undefined): TargetDecision {
  const { previous, repair } = write.unit;
  if (repair !== true) return decideTarget(head, { ...write, previous });
  if (condition.kind === 'etag' && head?.etag === condition.etag) return { act: 'write', condition };
  return decideTarget(head, { ...write, previous, overwrite: 'never' });
}

const patienceMs = 10 * 60_000;
const firstDelayMs = 250;
const longestDelayMs = 15_000;

/**
 * Proves an acknowledged write by the MD5 in its ETag, which the store has computed itself, or by a HEAD. A CRC-32 in
 * the reply may be an echo of the request, from a store that kept half of the body.
 */
async function proveStored(
  write: PublishingWrite,
  stored: { readonly etag: string; readonly versionId?: string; readonly crc32?: string },
  signal: AbortSignal,
): Promise<TargetProof> {
  if (hasMd5Of(write.body, stored.etag)) return proof(stored, stored.crc32, write.parts);
  const head = await tryAgain(() => write.target.head(write.unit.key, signal), signal);
  if (head === undefined) throw mismatch(write, 'a HEAD after the write does not find it');
  const proven = proveByHead(write, head);
  const isEchoed = stored.crc32 === write.object.crc32;
  return { ...proven, checksum: proven.checksum ?? (isEchoed ? write.object.crc32 : null) };
}

/**
 * Proves an object that may be the one of this write, or an equal one of another attempt; reads it back from a store
 * that keeps no CRC-32.
 */
async function provePresent(write: PublishingWrite, head: TargetHead, signal: AbortSignal): Promise<TargetProof> {
  const byHead = proveByHead(write, head);
  if (head.crc32 !== undefined || hasMd5Of(write.body, head.etag)) return byHead;
  const object = { key: write.unit.key, etag: head.etag, compress: write.compress };
  const found = await tryAgain(() => readBack(write.target, object, signal), signal);
  if (found?.object.crc32 !== write.object.crc32) throw mismatch(write, 'reading it back gives other bytes');
  return byHead;
}

function proveByHead(write: PublishingWrite, head: TargetHead): TargetProof {
  const { bytes, crc32 } = write.object;
  if (head.bytes !== bytes) throw mismatch(write, `it has ${String(head.bytes)} bytes, not ${String(bytes)}`);
  if (head.crc32 !== undefined && head.crc32 !== crc32)
    throw mismatch(write, `its CRC-32 is ${head.crc32}, not ${crc32}`);
  return proof(head, head.crc32, write.parts);
}

function proof(
  stored: { readonly etag: string; readonly versionId?: string },
  checksum: string | undefined,
  parts: number,
): TargetProof {
  const version = stored.versionId === undefined ? {} : { versionId: stored.versionId };
  return { etag: stored.etag, ...version, checksum: checksum ?? null, parts };
}

function mismatch(write: PublishingWrite, reason: string): Failure {
  return new Failure('TargetIntegrity', `${write.unit.key} is not what was written: ${reason}`);
}

function hasMd5Of(body: Uint8Array | undefined, etag: string): boolean {
  return body !== undefined && etag === `"${createHash('md5').update(body).digest('hex')}"`;
}
