import type { FailureClass } from './failure-classes.js';
import type { SourceBlob } from './manifest.js';
import type { Tally, UnitCounts } from './figures/tally.js';
import type { UnitOutcome } from './unit.js';

/** A manifest inside a receipt: its blobs, or, if there are many, the key of the object that holds them. */
export type ReceiptManifest =
  | { readonly digest: string; readonly blobs: readonly SourceBlob[] }
  | { readonly digest: string; readonly ref: string };

/** A receipt holds at most this many blobs itself, so that a ledger stays small. */
export const inlineBlobsMax = 200;

/** What one finished unit proves; a line of the ledger. */
export interface Receipt {
  readonly index: number;
  readonly id: string;
  readonly key: string;
  readonly state: UnitOutcome;
  /** In later rounds: how the unit ended in the newest earlier round that had it. */
  readonly earlier?: UnitOutcome;
  readonly class?: FailureClass;
  readonly message?: string;
  /** The blob that made the unit fail, as `account/container/name`. */
  readonly blob?: string;
  /** Absent if the unit failed before its blobs were known. */
  readonly manifest?: ReceiptManifest;
  readonly blobs: number;
  readonly bytes: { readonly source: number; readonly raw: number; readonly target: number };
  /** Digests of the uncompressed concatenation, hex. */
  readonly raw?: { readonly sha256: string; readonly crc32: string };
  readonly target?: TargetProof;
  /** What was compared to decide whether to move the unit. Absent where nothing was there to compare. */
  readonly compared?: Comparison;
  /** In a first round that was planned: whether the unit has the blobs that the plan had found. */
  readonly sincePlan?: 'same' | 'changed';
  /** In a plan, whose units are not moved. */
  readonly planned?: PlannedUnit;
  /** In a verification, whose units are not moved. */
  readonly verified?: VerifiedObject;
  readonly skipped: readonly SkippedBlob[];
  readonly notes: readonly string[];
  /** Absent in the receipts of older versions, and of units that failed without a try. */
  readonly took?: UnitTime;
  /** Longhaul's version and the encoder's, such as `longhaul 0.1.0, zlib 1.3.1 level 6`. */
  readonly build: string;
  /** When the receipt was made, ISO 8601 UTC. */
  readonly at: string;
}

/** What a plan found out about a unit besides its manifest. */
export interface PlannedUnit {
  /** When the most recently changed blob changed, ISO 8601 UTC. Absent without blobs. */
  readonly newest?: string;
  /** Blobs that have the length and MD5 of another blob of the unit. */
  readonly repeated: number;
  /** List requests and HEADs at the source. One that several units share counts for the unit that is finished first. */
  readonly requests: { readonly lists: number; readonly heads: number };
}

/** How long a unit took in the attempt at its slice that finished it. */
export interface UnitTime {
  /** From when the unit began to its receipt, waits between its tries included. */
  readonly ms: number;
  /**
   * Requests that failed and were repeated, by class; absent if there were none. List requests that several units share
   * are not counted.
   */
  readonly retries?: Readonly<Partial<Record<FailureClass, number>>>;
}

/** How a verification checked an object. */
export interface VerifiedObject {
  /** The round whose receipt it was compared with. */
  readonly round: number;
  /** Whether it was read back and unpacked. */
  readonly readBack: boolean;
  /** Its storage class, which cannot be read, where it should have been read back. */
  readonly archived?: string;
}

/** What a reply or a HEAD proved about a target object. */
export interface TargetProof {
  readonly etag: string;
  readonly versionId?: string;
  /** CRC-32 of the object's bytes, base64, or null if the store does not report it. */
  readonly checksum: string | null;
  readonly parts: number;
}

/** What a unit was compared with. */
export interface Comparison {
  /** The object of the newest receipt of an earlier round, and the digest of the manifest that it was made of. */
  readonly earlier?: { readonly etag: string; readonly manifest: string };
  /** ETag of the object that was under the key, or null if there was none. */
  readonly etag: string | null;
  /**
   * What proves that the object in place is whole: the earlier receipt, what its metadata or a checkpoint says was
   * written, or its content. Absent if the unit was moved.
   */
  readonly proof?: ObjectProof;
}

/** What can prove that an object is whole. */
export type ObjectProof = 'receipt' | 'metadata' | 'checkpoint' | 'content';

/** A blob skipped under `onCorrupt: skip-blob`. */
export interface SkippedBlob {
  readonly blob: string;
  readonly class: FailureClass;
  readonly message: string;
}

/**
 * Returns the tally of one receipt. Failed and empty units move no bytes to the target, so their bytes are not counted.
 */
export function receiptTally(receipt: Receipt): Tally {
  const inPlace = receipt.state === 'done' || receipt.state === 'found';
  return {
    units: countOf(receipt.state),
    blobs: { done: inPlace ? receipt.blobs : 0 },
    bytes: inPlace ? receipt.bytes : { source: 0, raw: 0, target: 0 },
    ...(receipt.earlier === undefined ? {} : { earlier: countOf(receipt.earlier) }),
    ...(receipt.sincePlan && { sincePlan: { compared: 1, changed: receipt.sincePlan === 'changed' ? 1 : 0 } }),
    ...(receipt.state === 'failed' && { failures: { [receipt.class ?? 'Unexpected']: 1 } }),
  };
}

function countOf(outcome: UnitOutcome): UnitCounts {
  return {
    done: outcome === 'done' || outcome === 'found' ? 1 : 0,
    found: outcome === 'found' ? 1 : 0,
    empty: outcome === 'empty' ? 1 : 0,
    failed: outcome === 'failed' ? 1 : 0,
  };
}
