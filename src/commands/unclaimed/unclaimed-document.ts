import type { BlobAmount, UnclaimedShape } from '../../domain/stored/unclaimed-records.js';

/** What `plan --unclaimed --json` says about the containers. */
export interface UnclaimedDocument {
  readonly containers: number;
  /** Containers that a unit names and that do not exist: the first of them. */
  readonly missingContainers: readonly string[];
  /** Together with {@link unclaimed}, all blobs of the containers. */
  readonly claimed: BlobAmount;
  readonly unclaimed: BlobAmount;
  /** Of the claimed ones, those that several units claim. */
  readonly twice: BlobAmount;
  /** Blobs that a unit claims and that were deleted before their container was listed. */
  readonly gone: number;
  /** Units that failed before their blobs were known: what they would claim counts as unclaimed. */
  readonly unknownUnits: number;
  /** Shapes of unclaimed names, those with the most blobs first. A shape begins with the container. */
  readonly shapes: readonly (UnclaimedShape & { readonly account: string })[];
  /** How many shapes there are besides these. */
  readonly moreShapes: number;
  /** The first blobs of several units, each with the ids of at most five of them. */
  readonly firstTwice: readonly { readonly blob: string; readonly units: readonly string[] }[];
}
