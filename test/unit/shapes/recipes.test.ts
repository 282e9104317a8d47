import { describe, expect, it } from 'vitest';
import { parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import { blobLabel } from '../../../src/domain/manifest.js';
import type { BlobName } from '../../../src/pipeline/source/blob-source.js';
import { findShapes } from '../../../src/shapes/find-shapes.js';
import { proposalYaml } from '../../../src/shapes/proposal/proposal-yaml.js';
import { proposeFind } from '../../../src/shapes/proposal/propose-find.js';
import type { Shape } from '../../../src/shapes/shape.js';
import { unitFields } from '../../../src/shapes/proposal/unit-fields.js';
import { tableOf } from '../../support/migrations/listed-names.js';
import { findManifests } from '../../support/recipes/find-manifests.js';
import { readRecipes } from '../../support/recipes/read-recipes.js';
import { recipeBlobs, recipeSource } from '../../support/recipes/recipe-source.js';
import type { Recipe } from '../../support/recipes/recipe.js';

const recipes = readRecipes();

/**
 * Recipes whose units cannot be told from names, and why. Elsewhere a unit of the recipe is one proposed unit, or
 * consists of several whole ones: days of a month, accounts or regions of a tenant.
 */
const exempt: Readonly<Record<string, string>> = {
  'Event Hubs Capture': 'a unit is a window of five minutes, and the proposal has a day',
  'Hourly folders': 'a unit is any span of hours that its line gives',
};

/** A whole migration file around a proposal. */
const frameOf = (account: string): string =>
  [
    'version: 1',
    'name: proposed',
    `accounts: { ${account}: { endpoint: https://${account}.example } }`,
    'target: { bucket: archive, key: "{{ unit.index }}" }',
    '',
  ].join('\n');

/** What the units of a proposal find in the source of a recipe, and that they find it at all. */
async function proposedManifests(
  recipe: Recipe,
  { account, shape, others }: { readonly account: string; readonly shape: Shape; readonly others: readonly Shape[] },
): Promise<readonly (readonly string[])[]> {
  const find = proposeFind(shape, others);
  const fieldsOf = unitFields(find.units);
  const names = recipeBlobs(recipe).flatMap((blob) => (blob.account === account ? [nameOf(blob)] : []));
  const units = new Set(
    names.flatMap((name) => {
      const fields = fieldsOf(name);
      return fields === undefined ? [] : [JSON.stringify(fields)];
    }),
  );
  const yaml = frameOf(account) + proposalYaml(find, { account, unitsFile: 'units.jsonl', decompress: 'none' });
  const proposed = { ...recipe, file: parseDefinitionFile(yaml, 'proposed'), units: [...units].join('\n') };
  const manifests = [...(await findManifests(proposed, recipeSource(recipe))).values()];
  expect(manifests.flat().length, yaml).toBe(shape.blobs);
  return manifests.map((blobs) => blobs.map(blobLabel));
}

const nameOf = ({ container, name }: BlobName): string => `${container}/${name}`;

describe('the finds proposed for the source of a recipe', () => {
  it.each(recipes)('$title: find every blob once, and every unit of the recipe whole', async (recipe) => {
    const blobs = recipeBlobs(recipe);
    const found: (readonly string[])[] = [];
    for (const account of new Set(blobs.map((blob) => blob.account))) {
      const shapes = findShapes(tableOf(blobs.filter((blob) => blob.account === account).map(nameOf)));
      for (const shape of shapes) {
        const others = shapes.filter((other) => other !== shape);
        found.push(...(await proposedManifests(recipe, { account, shape, others })));
      }
    }
    expect(found.flat().sort()).toEqual(blobs.map(blobLabel).sort());
    if (exempt[recipe.title] !== undefined) return;
    for (const [unit, manifest] of recipe.manifests) {
      const wanted = new Set(manifest.map(blobLabel));
      const touched = found.filter((labels) => labels.some((label) => wanted.has(label)));
      expect(touched.flat().sort(), unit).toEqual([...wanted].sort());
    }
  });
});
