import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../../../src/domain/text/secret.js';
import type { BlobPage, ListedBlob, PageStart } from '../../../../../src/pipeline/source/blob-source.js';
import { type AzureSource, createAzureSource } from '../../../../../src/stores/azure/azure-source.js';
import { pour, type ScriptedServer, startScriptedServer } from '../../../../support/servers/scripted-server.js';
import { failureOf } from '../../failure-of.js';

const running = new AbortController().signal;
const key = Buffer.alloc(64, 's').toString('base64');

let server: ScriptedServer;
let source: AzureSource;

describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
  beforeAll(async () => {
    server = await startScriptedServer();
    source = createAzureSource({
      accounts: { east: { endpoint: `${server.url}/prodeast`, credential: 'azure-east' } },
      credentials: async () => new Secret(key),
      allowInsecureEndpoints: true,
      http,
    });
  });
  afterAll(async () => {
    source.close();
    await server.close();
  });

  describe('a listing of Azure', () => {
    it('asks for one page after another, at most 5,000 blobs each, without metadata', async () => {
      const asked = answer((marker) => (marker === null ? page([item('t/a')], 'm1') : page([item('t/b')])));
      expect((await listed('t/')).map(({ name }) => name)).toEqual(['t/a', 't/b']);
      expect(asked.map(({ searchParams }) => [searchParams.get('marker'), searchParams.get('maxresults')])).toEqual([
        [null, '5000'],
        ['m1', '5000'],
      ]);
      expect(asked.every(({ searchParams }) => !searchParams.has('include'))).toBe(true);
    });

    it.each(['other/a', 'T/a', ''])('is refused when it holds the name %j outside the prefix', async (name) => {
      answer(() => page([item('t/a'), item(name)]));
      expect((await failureOf(listed('t/'))).failureClass).toBe('SourceListing');
    });

    it('is refused when it has no size, ETag or date', async () => {
      for (const left of ['Etag', 'Content-Length', 'Last-Modified']) {
        const broken = item('t/a').replace(new RegExp(`<${left}>.*</${left}>`), '');
        answer(() => page([broken]));
        expect([left, (await failureOf(listed('t/'))).failureClass]).toEqual([left, 'SourceListing']);
      }
    });

    it('is the same wherever the pieces part in which it arrives', async () => {
      const name = 't/é<e\u0301\u{1f600}';
      const bytes = Buffer.from(page([item(name.replace('<', '&lt;'))]));
      const begin = bytes.indexOf('<Name>');
      for (let at = begin; at < bytes.indexOf('</Name>') + 7; at += 1) {
        server.script = (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/xml' });
          response.write(bytes.subarray(0, at), () => response.end(bytes.subarray(at)));
        };
        expect([at, (await listed('t/')).map((blob) => blob.name)]).toEqual([at, [name]]);
      }
    });

    it('is refused when it holds a name that is not escaped as it says', async () => {
      answer(() => page([item('t/a').replace('<Name>t/a</Name>', '<Name Encoded="true">50%</Name>')]));
      expect((await failureOf(listed(''))).failureClass).toBe('SourceListing');
    });

    it('skips the directories of a hierarchical namespace', async () => {
      const asked = answer(() =>
        page([
          item('t/d', { bytes: 0, type: 'directory' }),
          item('t/d/a', { type: 'file' }),
          item('t/d/empty', { bytes: 0, type: 'file' }),
        ]),
      );
      expect((await listed('t/')).map(({ name }) => name)).toEqual(['t/d/a', 't/d/empty']);
      expect(asked).toHaveLength(1);
    });

    it('skips folder markers, and asks for metadata only when a page holds an empty blob', async () => {
      const asked = answer((_marker, metadata) =>
        page([
          item('t/d', { bytes: 0, ...(metadata && { metadata: '<hdi_isfolder>true</hdi_isfolder>' }) }),
          item('t/d/a'),
          item('t/d/empty', { bytes: 0, ...(metadata && { metadata: '<owner>x</owner>' }) }),
        ]),
      );
      expect((await listed('t/')).map(({ name }) => name)).toEqual(['t/d/a', 't/d/empty']);
      expect(asked.map(({ searchParams }) => searchParams.get('include'))).toEqual([null, 'metadata']);
    });

    it('is asked for in smaller pages when one is too large to be held', async () => {
      const asked: string[] = [];
      server.script = ({ url }, response) => {
        const size = new URL(url, server.url).searchParams.get('maxresults') ?? '';
        asked.push(size);
        response.writeHead(200, { 'content-type': 'application/xml' });
        if (size === '5000') pour(response, 300);
        else response.end(page([item('t/a')], asked.length < 3 ? `m${asked.length}` : ''));
      };
      expect(await listed('t/')).toHaveLength(2);
      expect(asked).toEqual(['5000', '625', '625']);
    });

    it('is refused when even a small page is too large, and takes no memory for it', async () => {
      const before = process.memoryUsage().arrayBuffers;
      server.script = (_request, response) => pour(response.writeHead(200), 300);
      const failure = await failureOf(listed('t/'));
      expect(failure.failureClass).toBe('SourceListing');
      expect(failure.message).toMatch(/the answer has more than \d+ bytes for \d+ blobs/);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
    });
  });

  describe('the probe of an account', () => {
    it('accepts a credential for some containers only, unless it was asked about one of them', async () => {
      server.script = (_request, response) => {
        response.writeHead(403, { 'x-ms-error-code': 'AuthorizationPermissionMismatch' }).end();
      };
      await source.probeAccount('east', undefined, running);
      const refused = await failureOf(source.probeAccount('east', 'events', running));
      expect(refused).toMatchObject({ failureClass: 'SourceForbidden', what: 'account east' });
    });

    it('is a failure of the listing when the answer is too large to be held', async () => {
      server.script = (_request, response) => pour(response.writeHead(200), 300);
      expect((await failureOf(source.probeAccount('east', 'events', running))).failureClass).toBe('SourceListing');
    });
  });

  describe('a look-up by exact name', () => {
    it.each([{ 'x-ms-resource-type': 'directory' }, { 'x-ms-meta-hdi_isfolder': 'true' }])(
      'finds a directory when the answer has %j',
      async (headers) => {
        server.script = (_request, response) => found(response, { 'content-length': '0', ...headers });
        expect(await lookUp()).toBe('directory');
      },
    );

    it('finds a blob when metadata says "folder" of one that has bytes', async () => {
      server.script = (_request, response) => found(response, { 'x-ms-meta-hdi_isfolder': 'true' });
      expect(await lookUp()).toMatchObject({ name: 't/a', bytes: 5 });
    });
  });
});

function lookUp(): Promise<ListedBlob | 'directory' | undefined> {
  return source.head({ account: 'east', container: 'events', name: 't/a' }, running);
}

function found(response: ServerResponse, headers: Record<string, string>): void {
  const always = { etag: '"0x1"', 'content-length': '5', 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' };
  response.writeHead(200, { ...always, ...headers }).end();
}

async function listed(prefix: string): Promise<ListedBlob[]> {
  const all: ListedBlob[] = [];
  const place = { account: 'east', container: 'events', prefix };
  for (let from: PageStart | undefined = {}; from !== undefined;) {
    const { blobs, next }: BlobPage = await source.listPage(place, from, running);
    all.push(...blobs);
    from = next;
  }
  return all;
}

/** Answers each list request; returns the URLs requested. */
function answer(script: (marker: string | null, metadata: boolean) => string): URL[] {
  const asked: URL[] = [];
  server.script = ({ url }, response) => {
    const full = new URL(url, server.url);
    asked.push(full);
    const { searchParams } = full;
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(script(searchParams.get('marker'), searchParams.get('include') === 'metadata'));
  };
  return asked;
}

function page(items: readonly string[], next = ''): string {
  return (
    `<?xml version="1.0"?><EnumerationResults ServiceEndpoint="${server.url}/prodeast" ContainerName="events">` +
    `<Blobs>${items.join('')}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`
  );
}

function item(
  name: string,
  { bytes = 5, type, metadata }: { bytes?: number; type?: string; metadata?: string } = {},
): string {
  const typed = type === undefined ? '' : `<ResourceType>${type}</ResourceType>`;
  return (
    `<Blob><Name>${name}</Name><Properties><Last-Modified>Mon, 01 Jan 2024 00:00:00 GMT</Last-Modified>` +
    `<Etag>0x1</Etag>${typed}<Content-Length>${bytes}</Content-Length><BlobType>BlockBlob</BlobType></Properties>` +
    `${metadata === undefined ? '' : `<Metadata>${metadata}</Metadata>`}</Blob>`
  );
}
