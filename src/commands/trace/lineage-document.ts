import type { FailureClass } from '../../domain/failure-classes.js';
import type { Receipt, TargetProof } from '../../domain/receipt.js';
import type { UnitOutcome } from '../../domain/unit.js';
import type { ReceiptBlob } from '../../control/receipt-blobs.js';
import type { Lineage } from './find-lineages.js';

/** What happened to a unit in one round. */
export interface LineageRound {
  readonly round: number;
  /** The key of the unit's object under the definition of that round. */
  readonly key: string;
  readonly state: UnitOutcome;
  readonly class: FailureClass | null;
  readonly message: string | null;
  /** The blob that made the unit fail, as `account/container/name`. */
  readonly blob: string | null;
  readonly manifest: string | null;
  readonly etag: string | null;
  readonly build: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The object that proves a unit, as its newest proof says. */
export interface LineageObject extends TargetProof {
  /** `s3://bucket/key` */
  readonly url: string;
  /** The round whose receipt says so. */
  readonly round: number;
  readonly bytes: number;
  readonly raw: { readonly bytes: number; readonly sha256: string | null; readonly crc32: string | null };
}

/** The lineage of one unit: its object, the blobs that the object was made of, in order, and every round. */
export interface LineageDocument {
  readonly id: string;
  readonly index: number;
  readonly key: string;
  /** How the newest round ended. */
  readonly state: UnitOutcome;
  /** Null if no round has put an object in place. */
  readonly object: LineageObject | null;
  /** Of the object; if there is none, of the newest round that found the unit's blobs; else null. */
  readonly manifest: { readonly digest: string; readonly blobs: readonly ReceiptBlob[] } | null;
  readonly notes: readonly string[];
  readonly rounds: readonly LineageRound[];
}

/** Describes a unit by its receipts. `blobsOf` reads the blobs of one. */
export async function lineageDocument(
  lineage: Lineage,
  bucket: string,
  blobsOf: (receipt: Receipt) => Promise<readonly ReceiptBlob[] | undefined>,
): Promise<LineageDocument | undefined> {
  const newest = lineage.at(-1);
  if (newest === undefined) return undefined;
  // A later round that failed has left the object of an earlier one in place.
  const proof = lineage.findLast(({ receipt }) => receipt.target !== undefined);
  const told = (proof ?? lineage.findLast(({ receipt }) => receipt.manifest !== undefined))?.receipt;
  const { id, index, key, state } = newest.receipt;
  return {
    ...{ id, index, key: proof?.receipt.key ?? key, state },
    object: proof === undefined ? null : lineageObject(proof, bucket),
    manifest:
      told?.manifest === undefined ? null : { digest: told.manifest.digest, blobs: (await blobsOf(told)) ?? [] },
    notes: told?.notes ?? [],
    rounds: lineage.map(({ round, receipt }) => lineageRound(round, receipt)),
  };
}

function lineageObject({ round, receipt }: Lineage[number], bucket: string): LineageObject | null {
  const { target, key, bytes, raw } = receipt;
  if (target === undefined) return null;
  const { sha256 = null, crc32 = null } = raw ?? {};
  return {
    url: `s3://${bucket}/${key}`,
    round,
    ...target,
    bytes: bytes.target,
    raw: { bytes: bytes.raw, sha256, crc32 },
  };
}

function lineageRound(round: number, receipt: Receipt): LineageRound {
  const { key, state, manifest, target, build, at, message = null, blob = null } = receipt;
  return {
    ...{ round, key, state, class: receipt.class ?? null, message, blob },
    ...{ manifest: manifest?.digest ?? null, etag: target?.etag ?? null, build, at },
  };
}
