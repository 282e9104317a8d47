import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/text/secret.js';
import { type AzureSource, createAzureSource } from '../../src/stores/azure/azure-source.js';
import { type AzureWriter, createAzureWriter } from '../../src/stores/azure/azure-writer.js';
import { findManifests } from '../support/recipes/find-manifests.js';
import { readRecipes } from '../support/recipes/read-recipes.js';
import { recipeBlobs } from '../support/recipes/recipe-source.js';
import { startAzurite } from '../support/servers/local-stores.js';

// Those whose names or listings a server could see differently. They can share one server: no name is in two of them.
const titles = [
  'Event Hubs Capture',
  'IoT Hub routing',
  'Hive partitions',
  'Containers by customer',
  'Several regions',
  'Hourly folders',
  'Sequences without padding',
  'Ids that begin alike',
  'Odd names',
];
const recipes = readRecipes().filter(({ title }) => titles.includes(title));
const running = new AbortController().signal;

describe('the recipes of docs/recipes.md, on Azurite', () => {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let source: AzureSource;

  beforeAll(async () => {
    azurite = await startAzurite(['east', 'west']);
    const keys = new Map(azurite.accounts.map(({ name, key }) => [name, new Secret(key)]));
    const accounts = azurite.accounts.map(({ name, endpoint }) => [name, { endpoint, credential: name }] as const);
    source = createAzureSource({
      accounts: Object.fromEntries(accounts),
      credentials: async (name) => keys.get(name),
      allowInsecureEndpoints: true,
      pageBlobs: 2,
    });
    for (const account of azurite.accounts) {
      const writer = await createAzureWriter(account);
      await fill(writer, account.name);
      writer.close();
    }
  });

  afterAll(async () => {
    source.close();
    await azurite.stop();
  });

  it('include every one that is named here', () => {
    expect(recipes.map(({ title }) => title)).toEqual(titles);
  });

  it.each(recipes)('$title: every unit finds its blobs in their order, and no other', async (recipe) => {
    expect(await findManifests(recipe, source)).toEqual(recipe.manifests);
  });
});

async function fill(writer: AzureWriter, account: string): Promise<void> {
  const blobs = recipes.flatMap(recipeBlobs).filter((blob) => blob.account === account);
  for (const container of new Set(blobs.map((blob) => blob.container)))
    await writer.ensureContainer(container, running);
  for (const { container, name } of blobs) await writer.putBlob({ container, name, bytes: Buffer.from(name) }, running);
}
