import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { TargetProof } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { ObjectIdentity } from './object-identity.js';
import type { ObjectTarget, TargetHead, WriteCondition, WriteOutcome } from './object-target.js';
import { decideTarget } from './target-decision.js';
import { tryAgain } from '../../flow/try-again.js';

/** One conditional write that makes an object appear: a put, or the Complete of a multipart upload. */
export interface PublishingWrite {
  readonly unit: StagedUnit;
  readonly identity: ObjectIdentity;
  readonly overwrite: Definition['target']['overwrite'];
  readonly target: ObjectTarget;
  /** What the write relies on at first, by an earlier HEAD or by hope. */
  readonly condition: WriteCondition;
  readonly bytes: number;
  /** CRC-32 of the object's bytes, base64. */
  readonly crc32: string;
  readonly parts: number;
  /** The object's bytes where it is put with one request, for comparing its MD5 with the ETag of a store that gives no CRC-32 back. */
  readonly body?: Uint8Array;
  readonly write: (condition: WriteCondition) => Promise<WriteOutcome>;
  /** Fails where this attempt no longer counts: asked before an object is replaced. */
  readonly confirmOwner?: (() => Promise<void>) | undefined;
}

/** `done`: our write made the object. `found`: it was there already. */
export interface SettledWrite {
  readonly state: 'done' | 'found';
  readonly proof: TargetProof;
}

/**
 * Carries a write through to a certain outcome: whatever is not a clear "stored" is decided by a HEAD. The same write is repeated for up
 * to ten minutes while the object is provably not there. Fails with `TargetConflict` where something else is,
 * `TargetUploadGone` and `TargetRace` where the upload is lost and the unit must start again, `TargetUnknownOutcome` when time is up.
 */
export async function settleWrite(write: PublishingWrite, signal: AbortSignal): Promise<SettledWrite> {
  const { target, unit } = write;
  let condition = write.condition;
  let replyLost = false;
  const deadline = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    // What looks like a leftover may be what a newer attempt has published, from blobs that have changed since this one listed them.
    if (condition.kind === 'etag') await write.confirmOwner?.();
    const outcome = await tryAgain(() => write.write(condition), signal);
    if (outcome.state === 'stored') return { state: 'done', proof: await proveStored(write, outcome, signal) };
    replyLost ||= outcome.state === 'unknown';

    const head = await tryAgain(() => target.head(unit.key, signal), signal);
    const decision = decideTarget(head, { ...write, previous: unit.previous });
    if (decision.act === 'refuse') throw new Failure('TargetConflict', `${unit.key}: ${decision.reason}`);
    if (decision.act === 'keep')
      return { state: replyLost ? 'done' : 'found', proof: proveByHead(write, decision.head) };
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

const patienceMs = 10 * 60_000;
const firstDelayMs = 250;
const longestDelayMs = 15_000;

/** Checks that the store holds what was sent: by the CRC-32 it gives back, the MD5 in its ETag, or a HEAD. */
async function proveStored(
  write: PublishingWrite,
  stored: { readonly etag: string; readonly versionId?: string; readonly crc32?: string },
  signal: AbortSignal,
): Promise<TargetProof> {
  const { body, parts } = write;
  if (stored.crc32 === write.crc32 || (body !== undefined && stored.etag === md5Etag(body))) {
    return proof(stored, stored.crc32, parts);
  }
  const head = await tryAgain(() => write.target.head(write.unit.key, signal), signal);
  if (head === undefined) throw mismatch(write, 'a HEAD after the write does not find it');
  return proveByHead(write, head);
}

function proveByHead(write: PublishingWrite, head: TargetHead): TargetProof {
  if (head.bytes !== write.bytes) {
    throw mismatch(write, `it has ${String(head.bytes)} bytes, not ${String(write.bytes)}`);
  }
  if (head.crc32 !== undefined && head.crc32 !== write.crc32) {
    throw mismatch(write, `its CRC-32 is ${head.crc32}, not ${write.crc32}`);
  }
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
  return new Failure('TargetIntegrity', `${write.unit.key} was written, but ${reason}`);
}

function md5Etag(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
