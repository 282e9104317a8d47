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
}

/** What the newest receipt of an earlier round proved about a unit's target object. */
export interface PreviousObject {
  readonly etag: string;
  readonly manifest: string;
  readonly rawBytes: number;
  readonly sha256: string;
  readonly crc32: string;
}
