import type { DefinitionFile } from '../../../src/definition/parse-definition.js';
import type { BlobName } from '../../../src/pipeline/source/blob-source.js';

/** A recipe of `docs/recipes.md`, with a small source and what it finds there. */
export interface Recipe {
  readonly title: string;
  readonly file: DefinitionFile;
  /** The units file. */
  readonly units: string;
  /** What each unit finds, in order, by the id of the unit. */
  readonly manifests: ReadonlyMap<string, readonly BlobName[]>;
  /** Blobs of the source that no unit finds. */
  readonly unclaimed: readonly BlobName[];
}
