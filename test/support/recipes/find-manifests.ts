import { createFindRenderer } from '../../../src/definition/find/find-renderer.js';
import { discover } from '../../../src/pipeline/discover/discover.js';
import type { BlobName, BlobSource } from '../../../src/pipeline/source/blob-source.js';
import type { Recipe } from './recipe.js';
import { recipeUnits } from './recipe-units.js';

/** Discovers the blobs of every unit of a recipe in a source, and returns them by the id of the unit. */
export async function findManifests(
  recipe: Recipe,
  source: BlobSource,
): Promise<ReadonlyMap<string, readonly BlobName[]>> {
  const { definition } = recipe.file;
  const find = createFindRenderer(definition);
  const { signal } = new AbortController();
  const manifests = new Map<string, readonly BlobName[]>();
  for (const unit of await recipeUnits(recipe)) {
    const { blobs } = await discover(unit, { definition, find, source }, signal);
    manifests.set(
      unit.id,
      blobs.map(({ account, container, name }) => ({ account, container, name })),
    );
  }
  return manifests;
}
