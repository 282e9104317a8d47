import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceVersion } from '../../../../src/stores/azure/lean/azure-access.js';
import { sharedKeyAuthorization } from '../../../../src/stores/azure/lean/shared-key.js';
import { settled } from '../../../../src/flow/settled.js';
import { Secret } from '../../../../src/domain/text/secret.js';
import type { BlobSource } from '../../../../src/pipeline/source/blob-source.js';
import { createAzureSource } from '../../../../src/stores/azure/azure-source.js';
import { type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { drain } from '../failure-of.js';

const running = new AbortController().signal;
const key = Buffer.alloc(64, 's').toString('base64');
const etag = '"0x8DC0A"';
const sas = 'sv=2024-11-04&ss=b&srt=sco&sp=rl&se=2999-01-01T00%3A00%3A00Z&sig=a%2Bb%2Fc%3D';

type Seen = ScriptedServer['requests'][number];
type Ask = (source: BlobSource) => Promise<unknown>;

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
  server.script = (_request, response) => response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
});
afterAll(() => server.close());

/** What one client sends for a request. */
async function sent(http: 'lean' | 'sdk', credential: string, ask: Ask): Promise<Seen> {
  const endpoint = `${server.url}/prodeast`;
  const source = createAzureSource({
    accounts: { east: { endpoint, credential: 'east' } },
    credentials: async () => new Secret(credential),
    allowInsecureEndpoints: true,
    http,
  });
  // The answer is of no interest.
  await settled(ask(source));
  source.close();
  return server.requests.at(-1)!;
}

const read = (name: string, offset = 0): Ask => {
  const blob = { account: 'east', container: 'events', name, etag, bytes: 9, md5: null };
  return (source) => drain(source.open(blob, running, offset));
};
const list = (prefix: string, marker?: string): Ask => {
  const place = { account: 'east', container: 'events', prefix };
  return (source) => source.listPage(place, marker === undefined ? {} : { marker }, running);
};
const odd = '2024/ä b+c%41/🚀&=?#\'()*!~[]{}^|"<>,;:@$/.x';

const asked: readonly (readonly [string, Ask])[] = [
  ['a blob', read('a/b.bz2')],
  ['the rest of a blob', read('a/b.bz2', 5)],
  ['a blob with a name of all kinds of characters', read(odd)],
  ['a blob with empty folders in its name', read('/a//b/')],
  ['a page', list('t/')],
  ['a page without a prefix', list('')],
  ['a page below a prefix of all kinds of characters', list(odd)],
  ['a later page', list('t/', '2!92!MDAwMDE2IXQvYSsvYg--&x=1')],
];

describe('a request of our own', () => {
  it.each(asked)(
    'for %s is that of the SDK, and signed with an account key as the SDK signs it',
    async (_what, ask) => {
      const ours = await sent('lean', key, ask);
      const theirs = await sent('sdk', key, ask);
      expect(meaning(ours)).toEqual(meaning(theirs));
      // The SDK's other headers and date are signed with our code: the result must be the SDK's own signature.
      expect(authorizationOf(theirs)).toBe(theirs.headers.authorization);
      expect(authorizationOf(ours)).toBe(ours.headers.authorization);
    },
  );

  it.each(asked)('for %s carries a SAS token as that of the SDK does', async (_what, ask) => {
    const [ours, theirs] = [await sent('lean', `?${sas}`, ask), await sent('sdk', sas, ask)];
    expect(meaning(ours)).toEqual(meaning(theirs));
    expect(ours.url).toContain(sas);
    expect([ours.headers.authorization, theirs.headers.authorization]).toEqual([undefined, undefined]);
  });

  it('speaks the version of the protocol that the SDK speaks', async () => {
    const service = new BlobServiceClient(`${server.url}/prodeast`, new StorageSharedKeyCredential('prodeast', key));
    await settled(service.getProperties());
    expect(server.requests.at(-1)?.headers['x-ms-version']).toBe(serviceVersion);
  });
});

/** What the service takes from a request: fields of a query may come in any order, in any spelling. */
function meaning({ method, url, headers }: Seen): unknown {
  const { pathname, searchParams } = new URL(url, server.url);
  const named = ['accept', 'if-match', 'range', 'x-ms-range', 'x-ms-version'].map((name) => headers[name]);
  return { method, pathname, query: [...searchParams].sort(), named };
}

/** Signs a request as it was sent, with all headers that it had. */
function authorizationOf({ url, headers }: Seen): string {
  const { pathname, searchParams } = new URL(url, server.url);
  const ofAzure = Object.entries(headers).filter(([name]) => name.startsWith('x-ms-'));
  return sharedKeyAuthorization(
    { accountName: 'prodeast', key: Buffer.from(key, 'base64') },
    {
      method: 'GET',
      path: pathname,
      query: [...searchParams].sort(([a], [b]) => (a < b ? -1 : 1)),
      ifMatch: headers['if-match'],
      headers: ofAzure.map(([name, value]) => [name, String(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    },
  );
}
