import { describe, expect, it } from 'vitest';
import { propose, type ProposedShape } from '../../../src/commands/verbs/explore/propose.js';
import { parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import { blobLabel } from '../../../src/domain/manifest.js';
import { Exploration } from '../../../src/explore/exploration.js';
import { exploreAccount } from '../../../src/explore/explore-account.js';
import { unitFields } from '../../../src/shapes/proposal/unit-fields.js';
import type { UnitPeriod } from '../../../src/shapes/proposal/unit-choice.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';
import { findManifests } from '../../support/recipes/find-manifests.js';
import { readRecipes } from '../../support/recipes/read-recipes.js';
import { recipeBlobs, recipeSource } from '../../support/recipes/recipe-source.js';
import type { Recipe } from '../../support/recipes/recipe.js';

const recipes = readRecipes();
const running = new AbortController().signal;

/**
 * How much time a unit of a recipe covers, where it is not what `explore` takes without `--period`. For spans, which
 * the units file tells, the first and last date of each unit.
 */
const periods: Readonly<Record<string, UnitPeriod>> = {
  'Diagnostic logs': 'month',
  'Containers by month': 'month',
  'Account by hash': 'all',
  'Hourly folders': 'span',
  'Daily folders': 'span',
  'Monthly folders': 'span',
};
const spans: Readonly<Record<string, readonly (readonly [first: string, last: string])[]>> = {
  'Hourly folders': [
    ['2023-12-31T22:00:00Z', '2024-01-01T01:00:00Z'],
    ['2024-02-28T23:00:00Z', '2024-02-29T00:00:00Z'],
    ['2024-02-29T23:00:00Z', '2024-03-01T00:00:00Z'],
    ['2024-03-31T00:00:00Z', '2024-03-31T03:00:00Z'],
  ],
  'Daily folders': [
    ['2023-02-27', '2023-03-05'],
    ['2024-02-26', '2024-03-03'],
    ['2024-12-30', '2025-01-05'],
  ],
  'Monthly folders': [
    ['2022-12', '2023-02'],
    ['2023-12', '2024-02'],
    ['2024-03', '2024-05'],
  ],
};

/**
 * Units that no proposal can find as they are, because nothing in the names of one account says what belongs to them.
 * Each consists of whole proposed units.
 */
const severalUnits: Readonly<Record<string, { readonly units: readonly string[]; readonly why: string }>> = {
  'Several regions': {
    units: ['acme/2024-02-29', 'bolt/2024-02-29'],
    why: 'the regions are accounts, and an exploration sees one account',
  },
  'Containers by month': {
    units: ['acme/2024-01'],
    why: 'late.bz2 belongs to the unit and 1.idx does not: both are in its folder, and named otherwise than the rest',
  },
  'Ids that begin alike': {
    units: ['acme', 'acme-1', 'acme-1-0'],
    why: 'a unit is in two containers of unlike names, and its id is no folder in one of them',
  },
  'Odd names': {
    units: ['dots'],
    why: 'two blobs that are named unlike share a folder; in another recipe, such a blob does not belong to the unit',
  },
};

// A unit of a list of customers: nothing in the source tells that there is one without a blob.
const withoutBlobs = ['Cask/2024'];

/** A whole migration file around a proposal. */
const frameOf = (account: string): string =>
  [
    'version: 1',
    'name: proposed',
    `accounts: { ${account}: { endpoint: https://${account}.example } }`,
    'target: { bucket: archive, key: "{{ unit.index }}" }',
    '',
  ].join('\n');

const nameOf = ({ container, name }: { readonly container: string; readonly name: string }): string =>
  `${container}/${name}`;

/** The proposals for all shapes of an account, as `explore` makes them. */
async function proposals(recipe: Recipe, account: string): Promise<readonly ProposedShape[]> {
  const source = new MemoryBlobSource({ pageBlobs: 2 });
  for (const blob of recipeBlobs(recipe)) source.add(blob, blob.name.endsWith('.avro') ? 'Obj\u0001' : blob.name);
  const definition = { endpoint: `https://${account}.example`, credential: account };
  const found: ProposedShape[] = [];
  // System containers are in no list of containers, so each is explored by its name; a shape may be in several.
  const system = recipeBlobs(recipe).filter((blob) => blob.account === account && blob.container.startsWith('$'));
  for (const container of system.length > 0 ? [...new Set(system.map((blob) => blob.container))] : [undefined]) {
    const explored = await exploreAccount(
      source,
      {
        account: { name: account, definition, orIdentity: false },
        prefix: '',
        whole: true,
        ...(container !== undefined && { container }),
      },
      { exploration: Exploration.from(undefined), signal: running, onStep: () => {} },
    );
    found.push(...propose(explored, { account, unitsFile: 'units.jsonl', period: periods[recipe.title] }));
  }
  return found;
}

/** What the units of a proposal find in the source of a recipe, and that they find all of its blobs. */
async function proposedManifests(
  recipe: Recipe,
  account: string,
  { find, yaml, shape }: ProposedShape,
): Promise<readonly (readonly string[])[]> {
  const names = recipeBlobs(recipe).flatMap((blob) => (blob.account === account ? [nameOf(blob)] : []));
  const units =
    find.units === null
      ? (spans[recipe.title] ?? []).map(([first, last]) => ({ first, last }))
      : names.map(unitFields(find.units)).filter((fields) => fields !== undefined);
  const file = parseDefinitionFile(frameOf(account) + yaml.replace(/^transform:\n.*\n/m, ''), 'proposed');
  const lines = [...new Set(units.map((unit) => JSON.stringify(unit)))].join('\n');
  const manifests = [...(await findManifests({ ...recipe, file, units: lines }, recipeSource(recipe))).values()];
  if (find.units !== null) expect(manifests.flat().length, yaml).toBe(shape.blobs);
  return manifests.map((blobs) => blobs.map(blobLabel));
}

describe('the finds proposed for the source of a recipe', () => {
  it.each(recipes)('$title: find every blob once, and every unit of the recipe whole', async (recipe) => {
    const blobs = recipeBlobs(recipe);
    const found: (readonly string[])[] = [];
    for (const account of new Set(blobs.map((blob) => blob.account))) {
      for (const proposal of await proposals(recipe, account)) {
        found.push(...(await proposedManifests(recipe, account, proposal)));
      }
    }
    const isSpan = periods[recipe.title] === 'span';
    if (!isSpan) expect(found.flat().sort()).toEqual(blobs.map(blobLabel).sort());
    const several = severalUnits[recipe.title]?.units ?? [];
    for (const [unit, manifest] of recipe.manifests) {
      const wanted = manifest.map(blobLabel);
      if (withoutBlobs.includes(unit)) {
        expect(wanted).toEqual([]);
      } else if (several.includes(unit)) {
        const touched = found.filter((labels) => labels.some((label) => wanted.includes(label)));
        expect(touched.length, unit).toBeGreaterThan(1);
        expect(touched.flat().sort(), unit).toEqual([...wanted].sort());
      } else expect(found, unit).toContainEqual(wanted);
    }
  });

  it('are the recipes that are named here', () => {
    const named = [...Object.keys(periods), ...Object.keys(spans), ...Object.keys(severalUnits)];
    const titles = recipes.map(({ title }) => title);
    expect(named.filter((title) => !titles.includes(title))).toEqual([]);
  });
});
