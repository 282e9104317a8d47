/** Blobs and their bytes. */
export interface BlobAmount {
  readonly blobs: number;
  readonly bytes: number;
}

/** Unclaimed blobs whose names look alike. */
export interface UnclaimedShape extends BlobAmount {
  readonly shape: string;
  /** The first names, at most five. */
  readonly first: readonly string[];
}

/**
 * `unclaimed/<container>.json` of a plan: which blobs of a container its units claim. Claimed and unclaimed blobs are
 * together all that were listed; those claimed by several units are among the claimed ones.
 */
export interface ContainerFindings {
  readonly format: number;
  readonly account: string;
  readonly container: string;
  /** The container does not exist. */
  readonly isMissing?: true;
  readonly claimed: BlobAmount;
  readonly unclaimed: BlobAmount;
  /** Claimed by more than one unit. */
  readonly twice: BlobAmount;
  /** Blobs that a unit claims and that were no longer listed. */
  readonly gone: number;
  /** The unclaimed blobs, by shape, at most 101. */
  readonly shapes: readonly UnclaimedShape[];
  /** The first blobs of several units, with the indexes of at most five of these. */
  readonly firstTwice: readonly { readonly name: string; readonly units: readonly number[] }[];
  readonly firstGone: readonly string[];
  /** Key of the gzip NDJSON of every blob that no unit or several units claim; absent if there is none. */
  readonly list?: string;
}

/** `unclaimed.json` of a plan: written last, when there are findings for each container. */
export interface UnclaimedRecord {
  readonly format: number;
  readonly containers: number;
  /** Units whose blobs are not known, because they failed before: what they would claim counts as unclaimed. */
  readonly unknownUnits: number;
  readonly endedAt: string;
}
