import { describe, expect, it } from 'vitest';
import { createFindRenderer } from '../../../src/definition/find/find-renderer.js';
import { findInSlices } from '../../support/listings/find-in-slices.js';
import { readRecipes } from '../../support/recipes/read-recipes.js';
import { recipeSource } from '../../support/recipes/recipe-source.js';
import { recipeUnits } from '../../support/recipes/recipe-units.js';

describe('docs/recipes.md', () => {
  it.each(readRecipes())(
    '$title: units that share listings find the same blobs, with no more requests',
    async (recipe) => {
      const find = createFindRenderer(recipe.file.definition);
      const units = await recipeUnits(recipe);
      const { blobs } = await findInSlices(units, find, recipeSource(recipe));
      const whole = await findInSlices(units, find, recipeSource(recipe, 5_000));
      expect(blobs).toBe([...recipe.manifests.values()].flat().length);
      expect(whole.shared).toBeLessThanOrEqual(whole.alone);
    },
  );
});
