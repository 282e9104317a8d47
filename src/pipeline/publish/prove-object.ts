import type { TransformDefinition } from '../../domain/definition.js';
import type { ObjectProof } from '../../domain/receipt.js';
import type { StagedUnit } from '../../domain/unit.js';
import { tryAgain } from '../../flow/try-again.js';
import type { RawProof } from '../pack/raw-digest.js';
import { writtenByMetadata, type ObjectSums, type WrittenObject } from './object-identity.js';
import type { ObjectTarget, TargetHead } from './object-target.js';
import { readBack } from './read-back.js';

/** What may prove that an object which was there already is whole. */
export interface ObjectEvidence {
  readonly target: Pick<ObjectTarget, 'get'>;
  readonly compress: TransformDefinition['compress'];
  readonly manifest: string;
  /** The newest receipt of an earlier round. */
  readonly previous: StagedUnit['previous'];
  /**
   * What a checkpoint of the same manifest says was about to be completed; asked only where nothing else proves the
   * object.
   */
  readonly completing: () => Promise<WrittenObject | undefined>;
}

/** The raw digests of an object that is whole, and what proves it. */
export interface ProvenObject {
  readonly raw: RawProof;
  readonly by: ObjectProof;
}

/**
 * Returns the raw digests of an object that was made of the wanted blobs, or undefined if nothing proves that it is
 * whole: a store may keep half of a body and answer 200. Proof is its length and CRC-32 as they were written (by the
 * metadata of a single put, or the checkpoint of a multipart upload), the ETag of an earlier receipt, or reading it
 * back; an object that is not compressed cannot prove itself.
 */
export async function proveObject(
  unit: Pick<StagedUnit, 'key'>,
  head: TargetHead,
  evidence: ObjectEvidence,
  signal: AbortSignal,
): Promise<ProvenObject | undefined> {
  const { previous, manifest, target, compress } = evidence;
  if (previous?.etag === head.etag && previous.manifest === manifest)
    return { raw: { bytes: previous.rawBytes, sha256: previous.sha256, crc32: previous.crc32 }, by: 'receipt' };
  const byMetadata = writtenByMetadata(head);
  if (byMetadata !== undefined && !mayBe(head, byMetadata.object)) return undefined;
  const byCheckpoint = byMetadata === undefined ? await evidence.completing() : undefined;
  // The object may also be an older one of the same manifest, made by another encoder: then reading it back decides.
  const isOfCheckpoint = byCheckpoint !== undefined && mayBe(head, byCheckpoint.object);
  const expected = byMetadata ?? (isOfCheckpoint ? byCheckpoint : undefined);
  if (expected !== undefined && head.crc32 !== undefined)
    return { raw: expected.raw, by: byMetadata === undefined ? 'checkpoint' : 'metadata' };
  if (expected === undefined && compress === 'none') return undefined;
  const object = { key: unit.key, etag: head.etag, compress };
  const found = await tryAgain(() => readBack(target, object, signal), signal);
  if (found === undefined) return undefined;
  const isWhole = expected === undefined || sameSums(found.object, expected.object);
  return isWhole ? { raw: found.raw, by: 'content' } : undefined;
}

/** Reports whether a HEAD agrees with these sums; a store that keeps no CRC-32 returns only the length. */
function mayBe(head: Pick<TargetHead, 'bytes' | 'crc32'>, sums: ObjectSums): boolean {
  return head.bytes === sums.bytes && (head.crc32 === undefined || head.crc32 === sums.crc32);
}

function sameSums(a: ObjectSums, b: ObjectSums): boolean {
  return a.bytes === b.bytes && a.crc32 === b.crc32;
}
