import dns from 'node:dns';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FailureClass } from '../../src/domain/failure-classes.js';
import { Secret } from '../../src/domain/text/secret.js';
import { readCredential } from '../../src/env.js';
import { type AzureSourceOptions, createAzureSource } from '../../src/stores/azure/azure-source.js';
import { MemoryMigration, prefixLookup, sha256 } from '../support/fakes/memory-migration.js';
import { useScaledTime } from '../support/fakes/scaled-time.js';
import { WatchedSlice } from '../support/fakes/watched-slice.js';
import { answerListing, answerWith, FakeAzure, type Misbehaviour, refuse } from '../support/servers/fake-azure.js';
import { pour, resetAfterWrite } from '../support/servers/scripted-server.js';
import { until } from '../support/until.js';

const tokens = vi.hoisted(() => ({ failure: (): Promise<Error> => Promise.reject(new Error('not told')) }));
vi.mock('../../src/stores/sdk/azure-identity.js', () => ({
  DefaultAzureCredential: class {
    async getToken(): Promise<never> {
      throw await tokens.failure();
    }
  },
}));

const first = 'a'.repeat(40_000);
const second = 'b'.repeat(40_000);
const key = new Secret(Buffer.alloc(64, 's').toString('base64'));
const tls = new URL('../support/servers/tls/', import.meta.url);
const place = (name: string): string => `prodeast/events/unit-0/${name}`;

/** What is seen of a fault that the account `east` has, while the unit of the account `west` is moved all the same. */
interface Seen {
  /** How the unit of `east` ends; undefined if it waits. */
  readonly unit: 'done' | FailureClass | undefined;
  /** Why the slice waits for the account. */
  readonly blocked?: FailureClass;
  readonly lists: number;
  /** Requests for the first blob. */
  readonly reads: number;
  /** The raw bytes of the object, if others than those of both blobs. */
  readonly object?: string;
}

interface Fault {
  /** The number of its row in docs/faults.md. */
  readonly row: number;
  readonly title: string;
  readonly source?: Partial<AzureSourceOptions>;
  readonly before?: (azure: FakeAzure) => void;
  readonly misbehave?: (azure: FakeAzure) => Misbehaviour;
  /**
   * The class that `status` shows while the fault lasts, if it may pass by itself. It lasts if every request is
   * answered like the one with the number `like`; by default the first.
   */
  readonly lasting?: { readonly shown: FailureClass; readonly like?: number };
  readonly seen: Seen;
}

/** Misbehaves in the reads of the first blob of `east` with these numbers. */
const inReads =
  (numbers: readonly number[], answer: (response: ServerResponse, from: number, azure: FakeAzure) => void) =>
  (azure: FakeAzure): Misbehaviour =>
  ({ name, kind, from, index }, response, behave) => {
    if (name === 'unit-0/a' && kind === 'read' && numbers.includes(index)) answer(response, from, azure);
    else behave();
  };

/** Misbehaves in the requests with these numbers for pages of the listing of `east`. */
const inLists =
  (numbers: readonly number[], answer: (response: ServerResponse, azure: FakeAzure) => void) =>
  (azure: FakeAzure): Misbehaviour =>
  ({ account, kind, index }, response, behave) => {
    if (account === 'prodeast' && kind === 'list' && numbers.includes(index)) answer(response, azure);
    else behave();
  };

/** Refuses every read of `east`. */
const refusingReads =
  (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  (): Misbehaviour =>
  ({ account, kind }, response, behave) => {
    if (account === 'prodeast' && kind === 'read') refuse(response, status, code, headers);
    else behave();
  };

const blobA = (azure: FakeAzure) => azure.blobs.get(place('a'))!;
/** What is left of the first half of the blob. */
const half = (azure: FakeAzure, from: number): Buffer => blobA(azure).bytes.subarray(from, 20_000);

const faults: readonly Fault[] = [
  {
    row: 22,
    title: 'a connection that is reset in the middle of a body',
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      resetAfterWrite(response, half(azure, from));
    }),
    lasting: { shown: 'SourceNetwork' },
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  {
    row: 23,
    title: 'a body that ends too early',
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      response.write(half(azure, from), () => response.socket?.end());
    }),
    lasting: { shown: 'SourceNetwork' },
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  {
    row: 24,
    title: 'a body that stalls',
    source: { idleTimeoutMs: 25_000 },
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      response.write(half(azure, from));
    }),
    lasting: { shown: 'SourceStalled' },
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  {
    row: 25,
    // Its bytes arrive, so the unit advances, and nothing waits.
    title: 'a body that only drips',
    source: { slowest: { bytes: 10_000, withinMs: 25_000 } },
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      const drip = setInterval(() => response.write('a'), 1);
      response.on('close', () => clearInterval(drip));
    }),
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  ...[
    { row: 26, status: 503, code: 'ServerBusy', headers: {} },
    { row: 26, status: 503, code: 'ServerBusy', headers: { 'retry-after': '1' } },
    { row: 26, status: 500, code: 'OperationTimedOut', headers: {} },
    { row: 27, status: 429, code: 'TooManyRequests', headers: { 'retry-after': '2' } },
    { row: 85, status: 503, code: 'ServerBusy', headers: { 'retry-after': '864000' } },
    { row: 85, status: 429, code: 'TooManyRequests', headers: { 'retry-after': 'Fri, 01 Jan 2094 00:00:00 GMT' } },
  ].map(({ row, status, code, headers }) => ({
    row,
    title: `a ${String(status)} ${code} with ${JSON.stringify(headers)}`,
    misbehave: inReads([0, 1], (response) => refuse(response, status, code, headers)),
    lasting: { shown: 'SourceThrottled' } as const,
    seen: { unit: 'done', lists: 1, reads: 3 } as const,
  })),
  {
    row: 28,
    title: 'a blob that is replaced between listing and read',
    misbehave: (azure) => {
      return ({ name, kind, index }, _response, behave) => {
        if (name === 'unit-0/a' && kind === 'read' && index === 0) azure.put(place('a'), second);
        behave();
      };
    },
    seen: { unit: 'done', lists: 2, reads: 2, object: second + second },
  },
  {
    row: 28,
    title: 'a blob that is replaced in the middle of a read',
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      resetAfterWrite(response, half(azure, from));
      azure.put(place('a'), second);
    }),
    seen: { unit: 'done', lists: 2, reads: 3, object: second + second },
  },
  {
    row: 28,
    title: 'a blob that is replaced before every read',
    misbehave: (azure) => {
      return ({ name, kind, index }, _response, behave) => {
        if (name === 'unit-0/a' && kind === 'read') azure.put(place('a'), `version ${String(index)}`);
        behave();
      };
    },
    seen: { unit: 'SourceChanged', lists: 4, reads: 4 },
  },
  {
    row: 29,
    title: 'a blob that is deleted after it was listed',
    misbehave: (azure) => {
      return ({ account, kind }, _response, behave) => {
        behave();
        if (account === 'prodeast' && kind === 'list') azure.blobs.delete(place('a'));
      };
    },
    seen: { unit: 'SourceMissing', lists: 1, reads: 1 },
  },
  ...(['ContainerNotFound', 'ContainerBeingDeleted'] as const).map((code) => ({
    row: 29,
    title: `a container that is gone: ${code}`,
    misbehave: (): Misbehaviour => (request, response, behave) => {
      if (request.account === 'prodeast') refuse(response, code === 'ContainerNotFound' ? 404 : 409, code);
      else behave();
    },
    seen: { unit: 'SourceMissing', lists: 1, reads: 0 } as const,
  })),
  ...(['BlobArchived', 'BlobBeingRehydrated'] as const).map((code) => ({
    row: 30,
    title: `a blob in the archive: ${code}`,
    misbehave: refusingReads(409, code),
    seen: { unit: 'SourceArchived', lists: 1, reads: 1 } as const,
  })),
  {
    row: 31,
    title: 'a credential that has ended',
    misbehave: refusingReads(403, 'AuthenticationFailed'),
    seen: { unit: undefined, blocked: 'SourceAuth', lists: 1, reads: 1 },
  },
  ...(['AuthorizationFailure', 'AccountIsDisabled'] as const).map((code) => ({
    row: 32,
    title: `an account that forbids: ${code}`,
    misbehave: refusingReads(403, code),
    seen: { unit: undefined, blocked: 'SourceForbidden', lists: 1, reads: 1 } as const,
  })),
  {
    row: 33,
    title: 'a wrong MD5 stored with a blob',
    before: (azure) => azure.put(place('a'), first, { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
    seen: { unit: 'SourceMd5Mismatch', lists: 2, reads: 2 },
  },
  {
    row: 34,
    title: 'a blob without an MD5',
    before: (azure) => azure.put(place('a'), first, { md5: null }),
    seen: { unit: 'done', lists: 1, reads: 1 },
  },
  ...(
    [
      ['the whole body in place of the rest', 200, {}],
      ['another range', 206, { 'content-range': 'bytes 0-39999/40000' }],
      ['another version', 206, { etag: '"0xother"' }],
      ['another length', 206, { 'content-range': 'bytes 20000-29999/30000' }],
    ] as const
  ).map(([title, status, headers]) => ({
    row: 35,
    title: `${title} where a body is resumed`,
    misbehave: inReads([0, 1], (response, from, azure) => {
      if (from === 0) {
        answerWith(response, blobA(azure), { from });
        resetAfterWrite(response, half(azure, from));
        return;
      }
      const sent = status === 200 ? 0 : from;
      answerWith(response, blobA(azure), { from: sent, status, headers });
      response.end(blobA(azure).bytes.subarray(sent));
    }),
    lasting: { shown: 'SourceProtocol' } as const,
    seen: { unit: 'done', lists: 1, reads: 3 } as const,
  })),
  {
    row: 36,
    title: 'a page of a listing that fails',
    source: { pageBlobs: 1 },
    misbehave:
      () =>
      ({ account, kind, index }, response, behave) => {
        if (account === 'prodeast' && kind === 'list' && index === 1) refuse(response, 500, 'InternalError');
        else behave();
      },
    lasting: { shown: 'SourceNetwork', like: 1 },
    seen: { unit: 'done', lists: 3, reads: 1 },
  },
  {
    row: 36,
    title: 'a marker that the account no longer takes',
    source: { pageBlobs: 1 },
    misbehave: inLists([1], (response) => refuse(response, 400, 'OutOfRangeInput')),
    seen: { unit: 'done', lists: 4, reads: 1 },
  },
  {
    row: 37,
    title: 'a blob that comes while its folder is listed, so that a page repeats another',
    source: { pageBlobs: 1 },
    misbehave:
      (azure) =>
      ({ account, kind, index }, _response, behave) => {
        if (account === 'prodeast' && kind === 'list' && index === 1) azure.put(place('0'), first);
        behave();
      },
    seen: { unit: 'done', lists: 3, reads: 1 },
  },
  {
    row: 39,
    title: 'a listing in another order than that of the names',
    before: (azure) => {
      azure.order = (names) => names.sort().reverse();
    },
    seen: { unit: 'done', lists: 1, reads: 1 },
  },
  {
    row: 38,
    title: 'names that a URL cannot have as they are',
    before: (azure) => {
      azure.blobs.delete(place('b'));
      azure.put(place('b %20?#+&\u00fc/u\u0308'), second);
    },
    seen: { unit: 'done', lists: 1, reads: 1 },
  },
  {
    row: 38,
    title: 'a name that a URL cannot carry',
    before: (azure) => {
      azure.blobs.delete(place('a'));
      azure.put(place(String.raw`b\c`), second);
    },
    seen: { unit: 'UnsupportedName', lists: 1, reads: 0 },
  },
  ...(
    [
      [409, 'BlobUsesCustomerSpecifiedEncryption'],
      [400, 'InvalidHeaderValue'],
      [410, 'Gone'],
      [418, 'SomethingNew'],
    ] as const
  ).map(([status, code]) => ({
    row: 79,
    title: `a blob that is refused for good: ${String(status)} ${code}`,
    misbehave: inReads([0, 1, 2, 3], (response) => refuse(response, status, code)),
    seen: { unit: 'SourceRefused', lists: 2, reads: 2 } as const,
  })),
  {
    row: 82,
    title: 'a listing whose marker repeats',
    misbehave: inLists([0, 1], (response, azure) => answerListing(response, [['unit-0/a', blobA(azure)]], '0')),
    lasting: { shown: 'SourceListing' },
    seen: { unit: 'done', lists: 3, reads: 1 },
  },
  {
    row: 82,
    title: 'a listing with a name outside of the prefix',
    misbehave: inLists([0], (response, azure) => answerListing(response, [['unit-1/a', blobA(azure)]])),
    lasting: { shown: 'SourceListing' },
    seen: { unit: 'done', lists: 2, reads: 1 },
  },
  {
    row: 82,
    title: 'the page of a proxy in place of a listing',
    misbehave: inLists([0], (response) => void response.writeHead(200).end('<html>Sign in</html>')),
    lasting: { shown: 'SourceListing' },
    seen: { unit: 'done', lists: 2, reads: 1 },
  },
  {
    row: 83,
    title: 'a directory in a listing',
    before: (azure) => azure.put(place('directory'), 'not a blob', { isDirectory: true }),
    seen: { unit: 'done', lists: 1, reads: 1 },
  },
  {
    row: 83,
    title: 'directories alone',
    before: (azure) => {
      for (const name of ['a', 'b']) azure.put(place(name), '', { isDirectory: true });
    },
    seen: { unit: 'EmptyUnit', lists: 1, reads: 0 },
  },
  {
    row: 86,
    title: 'a page of a gigabyte, so that a smaller one is asked for',
    misbehave: inLists([0], (response) => pour(response.writeHead(200), 1024)),
    seen: { unit: 'done', lists: 2, reads: 1 },
  },
  ...(['AuthenticationFailed', 'AuthorizationFailure'] as const).map((code) => ({
    row: 88,
    title: `one of the accounts, which refuses even to list: ${code}`,
    misbehave: inLists([0], (response) => refuse(response, 403, code)),
    seen: {
      unit: undefined,
      blocked: code === 'AuthenticationFailed' ? ('SourceAuth' as const) : ('SourceForbidden' as const),
      ...{ lists: 1, reads: 0 },
    },
  })),
  {
    row: 90,
    title: 'a path that cuts every body after 9,000 bytes',
    misbehave: inReads([0, 1, 2, 3, 4], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      const bytes = blobA(azure).bytes.subarray(from, from + 9_000);
      if (from + bytes.length === blobA(azure).bytes.length) response.end(bytes);
      else resetAfterWrite(response, bytes);
    }),
    seen: { unit: 'done', lists: 1, reads: 5 },
  },
  {
    row: 101,
    title: 'a page that comes with a blob of the page before',
    source: { pageBlobs: 1 },
    misbehave: inLists([1], (response, azure) => {
      const [a, b] = ['a', 'b'].map((name) => [`unit-0/${name}`, azure.blobs.get(place(name))!] as const);
      answerListing(response, [a!, b!]);
    }),
    seen: { unit: 'done', lists: 2, reads: 1 },
  },
];

const lasting = faults.flatMap(({ lasting: shown, ...fault }) => (shown === undefined ? [] : [{ ...fault, ...shown }]));

describe.each(['lean', 'sdk'] as const)('an account of Azure that misbehaves, over the HTTP client %s', (http) => {
  const time = useScaledTime(50, { wallClock: true });
  let azure: FakeAzure;
  beforeEach(async () => {
    azure = await FakeAzure.start();
    azure.put(place('a'), first);
    azure.put(place('b'), second);
    azure.put('prodwest/events/unit-1/a', first);
  });
  afterEach(() => azure.close());

  it.each(faults)('row $row: $title', async ({ source = {}, before, misbehave, lasting: passes, seen }) => {
    before?.(azure);
    if (misbehave !== undefined) azure.misbehave = misbehave(azure);
    const { migration, slice } = setUp(source);
    const result = await slice.move();

    const [east, west] = [0, 1].map((index) => migration.receipts.find((receipt) => receipt.index === index));
    expect({
      unit: east?.state === 'failed' ? east.class : east?.state,
      ...(result.state === 'blocked' && { blocked: result.class }),
      lists: azure.like({ account: 'prodeast', kind: 'list', name: 'unit-0/' }).length,
      reads: azure.like({ account: 'prodeast', kind: 'read', name: 'unit-0/a' }).length,
    }).toEqual({
      unit: seen.unit,
      lists: seen.lists,
      reads: seen.reads,
      ...(seen.blocked && { blocked: seen.blocked }),
    });
    expect(west?.state).toBe('done');
    const object = seen.unit === 'done' ? sha256(seen.object ?? first + second) : undefined;
    expect(migration.published).toEqual({
      ...(object !== undefined && { 'orders/unit-0.gz': object }),
      'orders/unit-1.gz': sha256(first),
    });
    expect(await slice.status()).toEqual([
      ...(seen.unit === undefined || seen.unit === 'done' ? [] : [`failed  1 ${seen.unit}`]),
      ...(seen.blocked ? [expect.stringMatching(showing('blocked', seen.blocked))] : []),
    ]);
    if (passes === undefined) expect(slice.hasWaited, 'what waits for nobody is not shown as waiting').toBe(false);
  });

  it.each(lasting)('row $row: status shows $title while it lasts, and then the unit is done', async (fault) => {
    const { source = {}, misbehave, shown, like = 0 } = fault;
    const misbehaves = misbehave!(azure);
    let isOver = false;
    azure.misbehave = (request, response, behave) => {
      if (isOver) behave();
      else misbehaves({ ...request, index: like }, response, behave);
    };
    const { migration, slice } = setUp(source);
    slice.onWaiting = () => (isOver = true);
    await slice.move();
    expect(await slice.status('waiting')).toEqual([expect.stringMatching(showing('waiting', shown))]);
    expect(migration.published).toEqual({
      'orders/unit-0.gz': sha256(first + second),
      'orders/unit-1.gz': sha256(first),
    });
  });

  it('row 40: a clock that is off ends the slice, and says so', async () => {
    azure.misbehave = refusingReads(403, 'AuthenticationFailed', { date: 'Mon, 01 Jan 2024 00:00:00 GMT' })();
    const { migration, slice } = setUp();
    await expect(slice.move()).rejects.toMatchObject({ failureClass: 'ClockSkew' });
    expect(migration.published).not.toHaveProperty('orders/unit-0.gz');
    expect(await slice.status()).toEqual([
      expect.stringMatching(/^blocked: slice p0000\/s0000 \(SliceFailing\): 4 attempts so far, the last one: .+clock/),
    ]);
  });

  it('row 40: a name that DNS does not know for a while', async () => {
    const real = dns.lookup;
    onTestFinished(() => {
      dns.lookup = real;
      syncBuiltinESMExports();
    });
    let isKnown = false;
    const lookUp = vi.fn((_name: string, _options: unknown, answer: (error: unknown, found?: unknown) => void) => {
      if (isKnown) answer(null, [{ address: '127.0.0.1', family: 4 }]);
      else answer(Object.assign(new Error('getaddrinfo ENOTFOUND east.example'), { code: 'ENOTFOUND' }));
    });
    Object.assign(dns, { lookup: lookUp });
    syncBuiltinESMExports();
    const { migration, slice } = setUp(
      {},
      { endpoint: azure.endpoint('prodeast').replace('127.0.0.1', 'east.example') },
    );
    slice.onWaiting = () => (isKnown = true);
    await slice.move();
    expect(await slice.status('waiting')).toEqual([expect.stringMatching(showing('waiting', 'SourceNetwork'))]);
    expect(migration.published).toHaveProperty('orders/unit-0.gz', sha256(first + second));
  });

  it('row 40: a certificate that nobody trusts', async () => {
    const [cert, tlsKey] = await Promise.all(
      ['certificate.pem', 'key.pem'].map((name) => readFile(new URL(name, tls))),
    );
    const server = createServer({ cert, key: tlsKey }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { migration, slice } = setUp({}, { endpoint: `https://127.0.0.1:${String(port)}/prodeast` });
    const stop = new AbortController();
    slice.onWaiting = () => void untilWestIsDone(migration).then(() => stop.abort());
    await slice.move({ signal: stop.signal });
    const [line] = await slice.status('waiting');
    expect(line).toMatch(showing('waiting', 'SourceNetwork'));
    expect(line).toContain("the server's certificate is not trusted; NODE_EXTRA_CA_CERTS");
    expect(migration.published).toEqual({ 'orders/unit-1.gz': sha256(first) });
  });

  it.each([
    ['a token endpoint that asks for fewer requests', 429, 'too_many_requests'],
    // Without a server the library says 400, as of a secret that is wrong.
    ['a token endpoint that is down', 400, 'endpoints_resolution_error: See https://aka.ms/msal.js.errors'],
  ])('row 41: %s', async (_title, status, text) => {
    const { AuthenticationError } = await import('@azure/identity');
    const error = { error: 'EnvironmentCredential authentication failed.', error_description: text };
    tokens.failure = async () => new AuthenticationError(status, error);
    const { migration, slice } = setUp(
      {},
      { endpoint: 'https://prodeast.blob.core.windows.net', credential: async () => new Secret('default') },
    );
    const stop = new AbortController();
    slice.onWaiting = () => void untilWestIsDone(migration).then(() => stop.abort());
    await slice.move({ signal: stop.signal });
    const [line] = await slice.status('waiting');
    expect(line).toMatch(showing('waiting', 'SourceAuthUnavailable'));
    expect(migration.published).toEqual({ 'orders/unit-1.gz': sha256(first) });
  });

  it.each([
    ['that is missing', undefined, 'cannot be read: it does not exist'],
    ['that is a folder', '..', 'cannot be read'],
    ['that is empty', '\n', 'its credential is empty'],
    ['with a URL', 'https://prodeast.blob.core.windows.net/?sv=2024-05-04&sig=canary', 'is a URL'],
    ['with quotes', '"sv=2024-05-04&sig=canary"', 'is in quotes'],
    ['with a sign that is not escaped', 'sv=2024-05-04&sig=canary+', 'is not escaped'],
  ])('row 87: a file with a credential %s', async (_title, text, says) => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-credential-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = text === '..' ? folder : join(folder, 'credential');
    if (text !== undefined && text !== '..') writeFileSync(path, text);
    const variables = { LONGHAUL_CREDENTIAL_EAST_FILE: path };
    const { migration, slice } = setUp({}, { credential: async () => await readCredential({ variables }, 'east') });
    expect(await slice.move()).toMatchObject({ state: 'blocked', class: 'ConfigError/Credential' });
    const [line, ...others] = await slice.status();
    expect(others).toEqual([]);
    expect(line).toMatch(showing('blocked', 'ConfigError/Credential'));
    expect(line).toContain(says);
    expect(line).not.toContain('canary');
    expect(azure.requests.filter(({ account }) => account === 'prodeast')).toEqual([]);
    expect(migration.published).toEqual({ 'orders/unit-1.gz': sha256(first) });
  });

  it('row 95: an endpoint that is not of Azure and would be sent a token', async () => {
    const { migration, slice } = setUp(
      {},
      { endpoint: 'https://storage.example', credential: async () => new Secret('sv=2024-05-04&sig=canary') },
    );
    expect(await slice.move()).toMatchObject({ state: 'blocked', class: 'ConfigError/Endpoint' });
    const lines = await slice.status();
    expect(lines).toEqual([expect.stringMatching(showing('blocked', 'ConfigError/Endpoint'))]);
    expect(lines.join('')).not.toContain('canary');
    expect(azure.requests.filter(({ account }) => account === 'prodeast')).toEqual([]);
    expect(migration.published).toEqual({ 'orders/unit-1.gz': sha256(first) });
  });

  it('row 102: a blob that goes while units share a listing', async () => {
    const shared = new MemoryMigration({
      units: 6,
      lookups: ({ id }) => [prefixLookup({ prefix: `${id}/`, account: 'west' })],
    });
    for (const { id } of shared.units) azure.put(`prodwest/events/${id}/a`, first);
    const gone = 'prodwest/events/unit-3/b';
    azure.put(gone, second);
    azure.misbehave = ({ kind }, _response, behave) => {
      behave();
      if (kind === 'list') azure.blobs.delete(gone);
    };
    const { slice } = setUp({}, { migration: shared });
    await slice.move();
    expect(shared.receipts.map(({ state, blobs }) => [state, blobs])).toEqual(Array(6).fill(['done', 1]));
    const lists = azure.requests.filter(({ kind }) => kind === 'list').map(({ name }) => name);
    expect(lists).toEqual(['unit-', 'unit-3/']);
    expect(await slice.status()).toEqual([]);
    expect(slice.hasWaited).toBe(false);
  });

  /** Returns a migration of a unit of `east` and one of `west`, and its slice, which has these accounts. */
  function setUp(
    options: Partial<AzureSourceOptions> = {},
    {
      endpoint = azure.endpoint('prodeast'),
      credential = async () => key,
      migration = new MemoryMigration({
        units: 2,
        lookups: ({ id, index }) => [prefixLookup({ prefix: `${id}/`, account: index === 0 ? 'east' : 'west' })],
      }),
    }: {
      readonly endpoint?: string;
      /** The credential of `east`. */
      readonly credential?: () => Promise<Secret | undefined>;
      readonly migration?: MemoryMigration;
    } = {},
  ) {
    const source = createAzureSource({
      accounts: {
        east: { endpoint, credential: 'east' },
        west: { endpoint: azure.endpoint('prodwest'), credential: 'west' },
      },
      credentials: (name) => (name === 'east' ? credential() : Promise.resolve(key)),
      allowInsecureEndpoints: true,
      http,
      // Nothing but what a case is about ends a request.
      ...{ timeoutMs: 50_000_000, idleTimeoutMs: 50_000_000, slowest: { bytes: 1, withinMs: 50_000_000 }, ...options },
    });
    return { migration, slice: new WatchedSlice(migration, { source }, time) };
  }
});

function untilWestIsDone(migration: MemoryMigration): Promise<unknown> {
  return until('the unit of west is done', () => migration.published['orders/unit-1.gz'] !== undefined);
}

/** How a line of `status` begins that names what is wrong with `east`, and how it ends. */
const showing = (how: 'blocked' | 'waiting', failureClass: FailureClass): RegExp =>
  new RegExp(`^${how}: account east \\(${failureClass}\\): .+, 1 unit waits for \\d+`);
