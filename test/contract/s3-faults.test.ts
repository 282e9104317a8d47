import { createCipheriv } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureClass } from '../../src/domain/failure-classes.js';
import type { SliceResult } from '../../src/domain/slice-report.js';
import { Secret } from '../../src/domain/text/secret.js';
import { createS3Target } from '../../src/stores/s3/s3-target.js';
import { MemoryMigration, sha256 } from '../support/fakes/memory-migration.js';
import { MemoryProcess } from '../support/fakes/memory-process.js';
import { useScaledTime } from '../support/fakes/scaled-time.js';
import { type Answer, failed, type LyingS3, startLyingS3 } from '../support/servers/lying-s3.js';

const key = 'archive/orders/unit-0.gz';

// Bytes that cannot be compressed, so that the object has two parts.
const large = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(9 * 1024 ** 2));

type Kind = 'put' | 'create' | 'part' | 'complete' | 'head';

interface Fault {
  /** The number of its row in docs/faults.md. */
  readonly row: number;
  readonly title: string;
  readonly bytes?: Buffer;
  /** What requests of a kind are answered, by their number; those that are not named are answered as usual. */
  readonly answers: Partial<Record<Kind, readonly ('drop' | 'lose' | Answer | undefined)[]>>;
  /** Whether all further requests of these kinds are answered like the last that is named. */
  readonly forGood?: true;
  /** Stores an object of somebody else just before the first request of this kind. */
  readonly foreignBefore?: Kind;
  /** Aborts the upload just before the first request of this kind. */
  readonly abortedBefore?: Kind;
  readonly seen: {
    /** How the unit ends; undefined if it waits. */
    readonly unit: 'done' | FailureClass | undefined;
    readonly blocked?: FailureClass;
    readonly requests: Partial<Record<Kind, number>>;
  };
}

const slowDown = failed(503, 'SlowDown');
const blockedBy = (row: number, answer: Answer, blocked: FailureClass): Fault => ({
  row,
  title: `a put that is refused by ${JSON.stringify(answer.body)}`,
  answers: { put: [answer] },
  forGood: true,
  seen: { unit: undefined, blocked, requests: { put: 1 } },
});

const faults: readonly Fault[] = [
  {
    row: 42,
    title: 'a storm of 503 SlowDown',
    answers: { put: [slowDown, slowDown, slowDown] },
    seen: { unit: 'done', requests: { put: 4 } },
  },
  {
    row: 43,
    title: 'a connection that is reset while a part is sent',
    bytes: large,
    answers: { part: ['drop'] },
    seen: { unit: 'done', requests: { create: 1, part: 3, complete: 1 } },
  },
  {
    row: 44,
    title: 'a part that has arrived, while its reply is lost',
    bytes: large,
    answers: { part: ['lose'] },
    seen: { unit: 'done', requests: { create: 1, part: 3, complete: 1 } },
  },
  {
    row: 45,
    title: 'a put that was carried out, while its reply is lost',
    answers: { put: ['lose'] },
    seen: { unit: 'done', requests: { put: 1 } },
  },
  {
    row: 45,
    title: 'a Complete that was carried out, while its reply is lost',
    bytes: large,
    answers: { complete: ['lose'] },
    seen: { unit: 'done', requests: { create: 1, part: 2, complete: 1 } },
  },
  ...[
    { status: 200, body: '<Error><Code>InternalError</Code><Message>no</Message></Error>' },
    { status: 200, body: '\n<Error><Code>InternalError</Code><Message>no</Message></Error>' },
    { status: 200, body: '<html><body>Please sign in</body></html>' },
    { status: 200, body: '' },
  ].map((answer) => ({
    row: 46,
    title: `a Complete that is answered 200 with ${JSON.stringify(answer.body)}`,
    bytes: large,
    answers: { complete: [answer] },
    seen: { unit: 'done', requests: { create: 1, part: 2, complete: 2 } } as const,
  })),
  {
    row: 47,
    title: 'an object of somebody else that comes just before a put',
    answers: {},
    foreignBefore: 'put',
    seen: { unit: 'TargetConflict', requests: { put: 1 } },
  },
  {
    row: 47,
    title: 'an object of somebody else that comes just before a Complete',
    bytes: large,
    answers: {},
    foreignBefore: 'complete',
    seen: { unit: 'TargetConflict', requests: { create: 1, part: 2, complete: 1 } },
  },
  {
    row: 48,
    title: 'a 409 to a put, because another writer is at work',
    answers: { put: [failed(409, 'ConditionalRequestConflict')] },
    seen: { unit: 'done', requests: { put: 2 } },
  },
  {
    row: 49,
    title: 'an upload that somebody has aborted',
    bytes: large,
    answers: {},
    abortedBefore: 'complete',
    seen: { unit: 'done', requests: { create: 2, part: 4, complete: 2 } },
  },
  {
    row: 50,
    title: 'a part that arrives with another checksum',
    bytes: large,
    answers: { part: [failed(400, 'BadDigest')] },
    seen: { unit: 'done', requests: { create: 1, part: 3, complete: 1 } },
  },
  blockedBy(52, failed(403, 'AccessDenied'), 'TargetForbidden'),
  blockedBy(52, failed(404, 'NoSuchBucket'), 'TargetMissing'),
  blockedBy(52, failed(403, 'InvalidAccessKeyId'), 'TargetAuth'),
  blockedBy(80, failed(507, 'InsufficientStorage'), 'TargetFull'),
];

describe('a bucket that misbehaves', () => {
  const time = useScaledTime(50);
  let s3: LyingS3;
  beforeEach(async () => {
    s3 = await startLyingS3();
  });
  afterEach(() => s3.close());

  it.each(faults)('row $row: $title', async ({ bytes = Buffer.from('text'), seen, ...fault }) => {
    const { answers, forGood, foreignBefore, abortedBefore } = fault;
    const counts: Partial<Record<Kind, number>> = {};
    const foreign = { body: Buffer.from('mine'), etag: '"mine"', metadata: {} };
    s3.before = ({ method, url }) => {
      const kind = kindOf(method, url);
      if (kind === undefined) return undefined;
      const number = counts[kind] ?? 0;
      counts[kind] = number + 1;
      if (kind === foreignBefore) s3.objects.set(key, foreign);
      if (kind === abortedBefore && number === 0) s3.uploads.clear();
      const ofKind = answers[kind] ?? [];
      return forGood === true ? ofKind[Math.min(number, ofKind.length - 1)] : ofKind[number];
    };
    const migration = new MemoryMigration({ units: 1 });
    migration.addBlob(0, 'a', bytes);
    const { definition } = migration.resources.record;
    const target = createS3Target({
      target: { ...definition.target, endpoint: s3.url, forcePathStyle: true, region: 'eu-central-1' },
      keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') },
      allowInsecureEndpoints: true,
      // Nothing but what a case is about ends a request.
      ...{ timeoutMs: 50_000_000, idleTimeoutMs: 50_000_000, completeTimeoutMs: 50_000_000 },
    });
    const result = await moved(migration, target);
    target.close();

    const [receipt] = migration.receipts;
    delete counts.head;
    expect({
      unit: receipt?.state === 'failed' ? receipt.class : receipt?.state,
      ...(result.state === 'blocked' && { blocked: result.class }),
      requests: counts,
    }).toEqual(seen);
    const stored = s3.objects.get(key) as typeof foreign | undefined;
    if (seen.unit === 'done') expect(sha256(gunzipSync(stored!.body))).toBe(sha256(bytes));
    else expect(stored).toBe(foreignBefore === undefined ? undefined : foreign);
  });

  /** Attempts at the slice until it is complete or waits for somebody. */
  async function moved(
    migration: MemoryMigration,
    target: MemoryMigration['resources']['target'],
  ): Promise<SliceResult> {
    const process = new MemoryProcess({});
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const result = await process.move(migration, { resources: { ...migration.resources, target } });
      if (result.state === 'complete' || result.state === 'blocked') return result;
      if (result.state === 'waiting') time.leap(result.retryInMs);
    }
    throw new Error('the slice comes to no end');
  }
});

function kindOf(method: string, url: string): Kind | undefined {
  const { searchParams } = new URL(url, 'http://store');
  if (method === 'HEAD') return 'head';
  if (method === 'PUT') return searchParams.has('uploadId') ? 'part' : 'put';
  if (method !== 'POST') return undefined;
  return searchParams.has('uploadId') ? 'complete' : 'create';
}
