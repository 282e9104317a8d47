import type { ReceiptBlob } from '../../control/receipt-blobs.js';
import type { UnitHistory } from '../../control/ledger/unit-histories.js';
import type { FailureClass } from '../../domain/failure-classes.js';
import type { UnitOutcome } from '../../domain/unit.js';

/** One line of an export about a unit. Absent values are null; times are ISO 8601 UTC. */
export interface UnitRow {
  readonly type: 'unit';
  /** Its id. */
  readonly unit: string;
  readonly index: number;
  /** How its newest round ended. */
  readonly state: UnitOutcome;
  readonly round: number;
  readonly at: string;
  readonly class: FailureClass | null;
  readonly message: string | null;
  /** The object that is proven in place, as `s3://bucket/key`. */
  readonly object: string | null;
  /** The round that proved the object. */
  readonly objectRound: number | null;
  readonly objectEtag: string | null;
  readonly objectVersion: string | null;
  /** CRC-32 of the object, base64. */
  readonly objectCrc32: string | null;
  readonly objectBytes: number | null;
  readonly rawBytes: number | null;
  /** SHA-256 of the unpacked bytes, hex. */
  readonly rawSha256: string | null;
  /** SHA-256 of the manifest, hex. */
  readonly manifest: string | null;
  readonly blobs: number;
  readonly skippedBlobs: number;
  readonly notes: string | null;
  /** Versions of Longhaul and its encoder. */
  readonly build: string;
}

/** One line of an export about a source blob of a unit. */
export interface BlobRow {
  readonly type: 'blob';
  readonly unit: string;
  readonly index: number;
  /** Its place among the blobs that were joined, from 1. */
  readonly position: number;
  readonly account: string;
  readonly container: string;
  readonly name: string;
  readonly etag: string;
  /** As listed. */
  readonly bytes: number;
  /** MD5 stored with the blob, base64. */
  readonly md5: string | null;
  /** The object that has its bytes, as `s3://bucket/key`; null if none is proven in place, or if it was skipped. */
  readonly object: string | null;
  /** Why it was skipped. */
  readonly skipped: FailureClass | null;
}

/** Returns the line of a unit with these blobs. */
export function unitRow(
  { newest, proof }: UnitHistory,
  unitBlobs: readonly Pick<ReceiptBlob, 'skipped'>[],
  bucket: string,
): UnitRow {
  const { receipt } = newest;
  const proven = proof?.receipt;
  const told = proven ?? receipt;
  // A receipt with long names holds only the first of its skipped blobs.
  const skippedBlobs = unitBlobs.filter(({ skipped }) => skipped !== null).length;
  return {
    type: 'unit',
    ...{ unit: receipt.id, index: receipt.index, state: receipt.state, round: newest.round, at: receipt.at },
    ...{ class: receipt.class ?? null, message: receipt.message ?? null },
    ...{ object: objectOf(proof, bucket), objectRound: proof?.round ?? null },
    ...{ objectEtag: proven?.target?.etag ?? null, objectVersion: proven?.target?.versionId ?? null },
    ...{ objectCrc32: proven?.target?.checksum ?? null, objectBytes: proven?.bytes.target ?? null },
    ...{ rawBytes: proven?.bytes.raw ?? null, rawSha256: proven?.raw?.sha256 ?? null },
    ...{ manifest: told.manifest?.digest ?? null, blobs: told.blobs, skippedBlobs },
    ...{ notes: told.notes.length === 0 ? null : told.notes.join('; '), build: told.build },
  };
}

/** Returns the line of a blob, whose position counts from 1: of the object, or else of what the newest round found. */
export function blobRow(
  { newest, proof }: UnitHistory,
  blob: ReceiptBlob & { readonly position: number },
  bucket: string,
): BlobRow {
  const { id, index } = newest.receipt;
  const { position, account, container, name, etag, bytes, md5, skipped } = blob;
  return {
    ...{ type: 'blob', unit: id, index, position, account, container, name, etag, bytes, md5 },
    ...{ object: skipped === null ? objectOf(proof, bucket) : null, skipped },
  };
}

function objectOf(proof: UnitHistory['proof'], bucket: string): string | null {
  return proof === undefined ? null : `s3://${bucket}/${proof.receipt.key}`;
}
