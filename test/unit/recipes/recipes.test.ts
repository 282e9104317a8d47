import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findManifests } from '../../support/recipes/find-manifests.js';
import { readRecipes, sourceName, sourceNames } from '../../support/recipes/read-recipes.js';
import { recipeBlobs, recipeSource } from '../../support/recipes/recipe-source.js';

const recipes = readRecipes();

describe.each([
  ['America/Los_Angeles', 420],
  ['Pacific/Kiritimati', -840],
])('docs/recipes.md, on a machine in %s', (zone, minutes) => {
  beforeAll(() => {
    vi.stubEnv('TZ', zone);
    expect(new Date('2024-07-01T00:00Z').getTimezoneOffset()).toBe(minutes);
  });
  afterAll(() => void vi.unstubAllEnvs());

  it.each(recipes)('$title: every unit finds its blobs in their order, and no other', async (recipe) => {
    expect(await findManifests(recipe, recipeSource(recipe))).toEqual(recipe.manifests);
  });
});

describe('the source of a recipe', () => {
  it.each(recipes)('$title: has blobs that no unit finds', ({ unclaimed, manifests }) => {
    expect(unclaimed.length).toBeGreaterThan(0);
    const claimed = new Set([...manifests.values()].flat().map((blob) => JSON.stringify(blob)));
    expect(unclaimed.filter((blob) => claimed.has(JSON.stringify(blob)))).toEqual([]);
  });

  it.each(recipes)('$title: has names that Azure allows', (recipe) => {
    for (const { container, name } of recipeBlobs(recipe)) {
      expect(container).toMatch(/^(?:\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$/);
      expect(name.length).toBeLessThanOrEqual(1_024);
    }
  });

  it('is there for every recipe, and for nothing else', () => {
    expect(sourceNames()).toEqual(recipes.map(({ title }) => sourceName(title)).sort());
  });
});
