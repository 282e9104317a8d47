import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/text/secret.js';
import { type AzureSource, createAzureSource } from '../../src/stores/azure/azure-source.js';
import { type AzureWriter, createAzureWriter } from '../../src/stores/azure/azure-writer.js';
import { startAzurite } from '../support/servers/local-stores.js';
import { MemoryBlobSource } from '../support/fakes/memory-blob-source.js';
import { prefixLookup } from '../support/fakes/memory-migration.js';
import { findInSlices } from '../support/listings/find-in-slices.js';
import { exploredSourceContract } from './explored-source-contract.js';
import { blobSourceContract, collect, find, listAll } from './blob-source-contract.js';

const running = new AbortController().signal;

describe('a blob source in memory', () => {
  blobSourceContract(async () => {
    const source = new MemoryBlobSource();
    const place = { account: 'east', container: 'events' };
    source.addContainer(place.account, place.container);
    return {
      source,
      ...place,
      add: async (name, bytes) => void source.add({ ...place, name }, bytes),
      remove: async (name) => source.remove({ ...place, name }),
      addDirectory: async (name) => source.addDirectory({ ...place, name }),
    };
  });
});

describe('a source in memory that is looked through', () => {
  const source = new MemoryBlobSource();
  let containers = 0;
  exploredSourceContract(async () => {
    containers += 1;
    const place = { account: 'east', container: `events-${containers}` };
    source.addContainer(place.account, place.container);
    return { source, ...place, add: async (name) => void source.add({ ...place, name }, 'x') };
  });
});

describe.each(['lean', 'sdk'] as const)('Azure Blob Storage, on Azurite (%s)', (http) => {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let source: AzureSource;
  let writer: AzureWriter;
  let service: BlobServiceClient;
  let key: StorageSharedKeyCredential;
  let containers = 0;
  const values = new Map<string, Secret>();

  beforeAll(async () => {
    azurite = await startAzurite(['prodeast', 'prodwest']);
    const [east, west] = azurite.accounts as [(typeof azurite.accounts)[0], (typeof azurite.accounts)[0]];
    values.set('azure-east', new Secret(east.key));
    values.set('azure-west', new Secret(Buffer.alloc(64).toString('base64')));
    source = createAzureSource({
      accounts: {
        east: { endpoint: east.endpoint, credential: 'azure-east' },
        west: { endpoint: west.endpoint, credential: 'azure-west' },
      },
      credentials: async (name) => values.get(name),
      allowInsecureEndpoints: true,
      http,
    });
    writer = await createAzureWriter(east);
    key = new StorageSharedKeyCredential(east.name, east.key);
    service = new BlobServiceClient(east.endpoint, key);
  });

  afterAll(async () => {
    source.close();
    writer.close();
    await azurite.stop();
  });

  blobSourceContract(async () => {
    containers += 1;
    const container = `events-${containers}`;
    await writer.ensureContainer(container, running);
    return {
      source,
      account: 'east',
      container,
      add: (name, bytes) => writer.putBlob({ container, name, bytes }, running),
      remove: async (name) => {
        await service.getContainerClient(container).deleteBlob(name);
      },
      // Azurite has no hierarchical namespaces; Hadoop's drivers mark a folder like this elsewhere.
      addDirectory: async (name) => {
        const client = service.getContainerClient(container).getBlockBlobClient(name);
        await client.upload('', 0, { metadata: { hdi_isfolder: 'true' } });
      },
    };
  });

  exploredSourceContract(async () => {
    containers += 1;
    const container = `events-${containers}`;
    await writer.ensureContainer(container, running);
    const add = (name: string) => writer.putBlob({ container, name, bytes: Buffer.from('x') }, running);
    return { source, account: 'east', container, add };
  });

  it('lists more blobs than fit into one page, each once', async () => {
    const east = azurite.accounts[0]!;
    const paged = createAzureSource({
      accounts: { east: { endpoint: east.endpoint, credential: 'azure-east' } },
      credentials: async (name) => values.get(name),
      allowInsecureEndpoints: true,
      http,
      pageBlobs: 3,
    });
    const container = 'many-pages';
    await writer.ensureContainer(container, running);
    const names = Array.from({ length: 10 }, (_unused, index) => `n/${index}`);
    for (const name of names) await writer.putBlob({ container, name, bytes: Buffer.from('x') }, running);
    const listed = await listAll(paged, { account: 'east', container, prefix: 'n/' }, running);
    expect(listed.map(({ name }) => name).sort()).toEqual(names);
    paged.close();
  });

  it('serves units in shared listings as it serves each by itself, with fewer requests', async () => {
    const container = 'shared-listings';
    await writer.ensureContainer(container, running);
    const days = Array.from({ length: 12 }, (_unused, day) => `2024/0${1 + (day % 3)}/${10 + day}/`);
    for (const day of days)
      for (const name of ['a b+%.bz2', 'ä🚀.bz2', 'sub/c.bz2', 'd.tmp'])
        await writer.putBlob({ container, name: `${day}${name}`, bytes: Buffer.from(day) }, running);
    const units = days.map((day, index) => ({ index, id: day, key: day, fields: {} }));
    const find = {
      lookups: ({ id }: { readonly id: string }) => [
        prefixLookup({
          prefix: id,
          container,
          find: { kind: 'prefix', prefix: id, matches: (name) => /2$/.test(name) },
        }),
      ],
      expect: () => ({}),
    };
    const { alone, shared, blobs } = await findInSlices(units, find, source);
    expect([alone, shared, blobs]).toEqual([12, 2, 36]);
  });

  it('blocks the account, not a unit, when the key is wrong, and continues when it is corrected', async () => {
    const probe = source.probeAccount('west', undefined, running);
    await expect(probe).rejects.toMatchObject({ what: 'account west', row: { scope: 'account', exit: 7 } });
    values.set('azure-west', new Secret(azurite.accounts[1]!.key));
    await source.probeAccount('west', undefined, running);
    await source.probeAccount('west', 'no-such-container', running);
  });

  it('reads with a connection string and with a SAS token as well', async () => {
    const east = azurite.accounts[0]!;
    const text = `AccountName=${east.name};AccountKey=${east.key};BlobEndpoint=${east.endpoint}`;
    const sas = generateAccountSASQueryParameters(
      {
        expiresOn: new Date(Date.now() + 3_600_000),
        permissions: AccountSASPermissions.parse('rl'),
        services: AccountSASServices.parse('b').toString(),
        resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
        protocol: SASProtocol.HttpsAndHttp,
      },
      key,
    ).toString();
    const byText = createAzureSource({
      accounts: {
        east: { endpoint: east.endpoint, credential: 'text' },
        sas: { endpoint: east.endpoint, credential: 'sas' },
      },
      credentials: async (name) => new Secret(name === 'text' ? text : `?${sas}`),
      allowInsecureEndpoints: true,
      http,
    });
    await writer.ensureContainer('read-by', running);
    await writer.putBlob({ container: 'read-by', name: 'x', bytes: Buffer.from('x') }, running);
    expect(await byText.describeCredential('east')).toEqual({ kind: 'key' });
    expect(await byText.describeCredential('sas')).toMatchObject({ kind: 'sas', permissions: 'rl' });
    for (const account of ['east', 'sas']) {
      const blob = await find(byText, { account, container: 'read-by', name: 'x' });
      expect(Buffer.concat(await collect(byText.open(blob, running))).toString()).toBe('x');
    }
    byText.close();
  });
});
