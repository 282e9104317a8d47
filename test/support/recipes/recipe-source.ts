import type { BlobName } from '../../../src/pipeline/source/blob-source.js';
import { MemoryBlobSource } from '../fakes/memory-blob-source.js';
import type { Recipe } from './recipe.js';

/** Returns the source of a recipe in memory. Its listings have many pages. */
export function recipeSource(recipe: Recipe, pageBlobs = 2): MemoryBlobSource {
  const source = new MemoryBlobSource({ pageBlobs });
  for (const blob of recipeBlobs(recipe)) source.add(blob, blob.name);
  return source;
}

/** Returns every blob of a recipe's source once. */
export function recipeBlobs({ manifests, unclaimed }: Recipe): readonly BlobName[] {
  const all = [...[...manifests.values()].flat(), ...unclaimed];
  return [...new Map(all.map((blob) => [JSON.stringify(blob), blob])).values()];
}
