/** The fields of one line of the units file, all as strings. */
export type UnitFields = Readonly<Record<string, string>>;

/** One unit as `start` staged it: what a worker needs to find its blobs and name its target object. */
export interface StagedUnit {
  /** Position over the whole migration, from 0; kept over all rounds. */
  readonly index: number;
  readonly id: string;
  /** Target key. */
  readonly key: string;
  readonly fields: UnitFields;
  /** In later rounds: the newest receipt's proof of what lies under the key. */
  readonly previous?: PreviousObject;
}

/** What the newest receipt of an earlier round proved about a unit's target object. */
export interface PreviousObject {
  readonly etag: string;
  readonly manifest: string;
  readonly rawBytes: number;
  readonly sha256: string;
  readonly crc32: string;
}
