/** The fields of one line of the units file, all as strings. */
export type UnitFields = Readonly<Record<string, string>>;

/**
 * How a unit ends. `found`: the object was there already, and proven to be ours and whole. `empty`: no object, because
 * of `whenEmpty: skip`.
 */
export type UnitOutcome = 'done' | 'found' | 'empty' | 'failed';

/** One unit as `start` staged it: what a worker needs to find its blobs and name its target object. */
export interface StagedUnit {
  /** Position over the whole migration, from 0; kept over all rounds. */
  readonly index: number;
  /** In later rounds: position in the round, from 0. Absent where an older version staged the unit. */
  readonly position?: number;
  readonly id: string;
  /** Target key. */
  readonly key: string;
  readonly fields: UnitFields;
  /** In later rounds: the newest proof of what is under the key. */
  readonly previous?: PreviousObject;
  /** In later rounds: how it ended in the newest round that had it. */
  readonly earlier?: UnitOutcome;
  /** In a verification: what the object is compared with, besides {@link previous}. */
  readonly expected?: ExpectedObject;
  /** A verification found the object different: it is replaced, whatever `overwrite` says, unless it is foreign. */
  readonly repair?: true;
}

/** What a receipt says about a unit's target object besides its digests. */
export interface ExpectedObject {
  /** The round of the receipt. */
  readonly round: number;
  /** The object was there already when the receipt was made, so that an earlier round may have made it. */
  readonly wasFound?: true;
  readonly bytes: number;
  /** CRC-32 of the object's bytes, base64, or null if the store did not report it. */
  readonly checksum: string | null;
  /** Whether to read the object back. */
  readonly readBack?: true;
}

/** What the newest receipt of an earlier round proved about a unit's target object. */
export interface PreviousObject {
  readonly etag: string;
  readonly manifest: string;
  readonly rawBytes: number;
  readonly sha256: string;
  readonly crc32: string;
}
