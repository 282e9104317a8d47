import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import type { FailureClass } from '../../src/domain/failure-classes.js';
import type { SliceResult } from '../../src/domain/slice-report.js';
import { type AzureSourceOptions, createAzureSource } from '../../src/stores/azure/azure-source.js';
import { MemoryMigration, prefixLookup, sha256 } from '../support/fakes/memory-migration.js';
import { MemoryProcess } from '../support/fakes/memory-process.js';
import { useScaledTime } from '../support/fakes/scaled-time.js';
import { answerWith, FakeAzure, type Misbehaviour, refuse } from '../support/servers/fake-azure.js';
import { resetAfterWrite } from '../support/servers/scripted-server.js';

const first = 'a'.repeat(40_000);
const second = 'b'.repeat(40_000);
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

/** Refuses every read of `east`. */
const refusingReads =
  (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  (): Misbehaviour =>
  ({ account, kind }, response, behave) => {
    if (account === 'prodeast' && kind === 'read') refuse(response, status, code, headers);
    else behave();
  };

const blobA = (azure: FakeAzure) => azure.blobs.get(place('a'))!;
const half = (azure: FakeAzure): Buffer => blobA(azure).bytes.subarray(0, 20_000);

const faults: readonly Fault[] = [
  {
    row: 22,
    title: 'a connection that is reset in the middle of a body',
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      resetAfterWrite(response, half(azure));
    }),
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  {
    row: 23,
    title: 'a body that ends too early',
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      response.write(half(azure), () => response.socket?.end());
    }),
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  {
    row: 24,
    title: 'a body that stalls',
    source: { idleTimeoutMs: 25_000 },
    misbehave: inReads([0], (response, from, azure) => {
      answerWith(response, blobA(azure), { from });
      response.write(half(azure));
    }),
    seen: { unit: 'done', lists: 1, reads: 2 },
  },
  {
    row: 25,
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
  ].map(({ row, status, code, headers }) => ({
    row,
    title: `a ${String(status)} ${code} with ${JSON.stringify(headers)}`,
    misbehave: inReads([0, 1], (response) => refuse(response, status, code, headers)),
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
      resetAfterWrite(response, half(azure));
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
        resetAfterWrite(response, half(azure));
        return;
      }
      const sent = status === 200 ? 0 : from;
      answerWith(response, blobA(azure), { from: sent, status, headers });
      response.end(blobA(azure).bytes.subarray(sent));
    }),
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
    seen: { unit: 'done', lists: 3, reads: 1 },
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
];

describe('an account of Azure that misbehaves', () => {
  const time = useScaledTime(50);
  let azure: FakeAzure;
  beforeEach(async () => {
    azure = await FakeAzure.start();
  });
  afterEach(() => azure.close());

  it.each(faults)('row $row: $title', async ({ source: options = {}, before, misbehave, seen }) => {
    azure.put(place('a'), first);
    azure.put(place('b'), second);
    azure.put('prodwest/events/unit-1/a', first);
    before?.(azure);
    if (misbehave !== undefined) azure.misbehave = misbehave(azure);
    const { migration, source } = setUp(options);
    const result = await moved(migration, source);
    source.close();

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
  });

  it('row 40: a clock that is off ends the slice, and says so', async () => {
    azure.put(place('a'), first);
    azure.misbehave = refusingReads(403, 'AuthenticationFailed', { date: 'Mon, 01 Jan 2024 00:00:00 GMT' })();
    const { migration, source } = setUp();
    await expect(moved(migration, source)).rejects.toMatchObject({ failureClass: 'ClockSkew' });
    source.close();
    expect(migration.published).toEqual({});
  });

  /** Returns a migration of a unit of `east` and one of `west`, and a source that has these accounts. */
  function setUp(options: Partial<AzureSourceOptions> = {}) {
    const migration = new MemoryMigration({
      units: 2,
      lookups: ({ id, index }) => [prefixLookup({ prefix: `${id}/`, account: index === 0 ? 'east' : 'west' })],
    });
    const key = Buffer.alloc(64, 's').toString('base64');
    const source = createAzureSource({
      accounts: {
        east: { endpoint: azure.endpoint('prodeast'), credential: 'east' },
        west: { endpoint: azure.endpoint('prodwest'), credential: 'west' },
      },
      credentials: async () => key,
      allowInsecureEndpoints: true,
      // Nothing but what a case is about ends a request.
      ...{ timeoutMs: 50_000_000, idleTimeoutMs: 50_000_000, slowest: { bytes: 1, withinMs: 50_000_000 }, ...options },
    });
    return { migration, source };
  }

  /** Attempts at the slice until it is complete or waits for somebody. */
  async function moved(
    migration: MemoryMigration,
    source: MemoryMigration['resources']['source'],
  ): Promise<SliceResult> {
    const process = new MemoryProcess({});
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const result = await process.move(migration, { resources: { ...migration.resources, source } });
      if (result.state === 'complete' || result.state === 'blocked') return result;
      if (result.state === 'waiting') time.leap(result.retryInMs);
    }
    throw new Error('the slice comes to no end');
  }
});
