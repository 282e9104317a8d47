import type { FailureClass } from '../failure-classes.js';
import type { TransformDefinition } from '../definition.js';
import type { BlobAmount, UnclaimedShape } from './unclaimed-records.js';

/** What a verification compares. Its layout counts the objects. */
export interface VerificationScope {
  /** Rounds of the migration that were closed when the verification was staged. Later ones may replace objects. */
  readonly closedRounds: number;
  /** How many objects are read back, as it was asked for: `1000`, `5%`, `100%`. Absent: none. */
  readonly sample?: string;
  /** Decides which objects are read back. */
  readonly seed: number;
  /** Only objects published at or after this time, ISO 8601 UTC. */
  readonly since?: string;
  /** The objects that are read back, and their bytes. */
  readonly readBack: ObjectAmount;
  /** What the objects of each round were made with; an entry holds until the next one. */
  readonly settings: readonly RoundSettings[];
}

/** Objects and their bytes. */
export interface ObjectAmount {
  readonly objects: number;
  readonly bytes: number;
}

/** What a round gives its objects besides their bytes. */
export interface RoundSettings {
  readonly round: number;
  readonly compress: TransformDefinition['compress'];
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly storageClass?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** `verification.json`: what a verification has found; written once all objects have been looked at. */
export interface VerificationRecord {
  readonly format: number;
  /** Objects that were compared, and how many of them are as they were written. */
  readonly objects: number;
  readonly intact: number;
  /** Objects that were read back and unpacked; bytes as stored. */
  readonly readBack: ObjectAmount;
  /** Objects that should have been read back and are in an archive. */
  readonly archived: number;
  /** Differences by class, the most frequent first. */
  readonly differences: readonly { readonly class: FailureClass; readonly objects: number }[];
  /** The first objects that differ, lowest unit first, at most 100. The ledger of the verification has all. */
  readonly first: readonly FoundDifference[];
  /** Objects beside the migration's own that none of its units names. */
  readonly additional: AdditionalObjects;
  /** ISO 8601 UTC. */
  readonly endedAt: string;
}

/** An object that is not as it was written. */
export interface FoundDifference {
  /** Id of the unit. */
  readonly id: string;
  readonly key: string;
  readonly class: FailureClass;
  readonly message: string;
}

/** Objects below the prefixes of a migration's keys that none of its units names. */
export interface AdditionalObjects extends ObjectAmount {
  /** The prefixes that were listed. */
  readonly prefixes: readonly (BlobAmount & {
    readonly prefix: string;
    /** By the shape of their keys, the most frequent first. */
    readonly shapes: readonly UnclaimedShape[];
    /** Key of the gzip NDJSON that lists them all; absent if there is none. */
    readonly list?: string;
  })[];
}
