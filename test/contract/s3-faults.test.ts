import { createCipheriv } from 'node:crypto';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeRecord } from '../../src/control/stored-record.js';
import type { FailureClass } from '../../src/domain/failure-classes.js';
import { Secret } from '../../src/domain/text/secret.js';
import { createS3Target, type S3TargetOptions } from '../../src/stores/s3/s3-target.js';
import { MemoryMigration, sha256, smallDefinition } from '../support/fakes/memory-migration.js';
import { MemoryProcess } from '../support/fakes/memory-process.js';
import { runRound, stageMemoryVerification } from '../support/fakes/memory-verification.js';
import { useScaledTime } from '../support/fakes/scaled-time.js';
import { WatchedSlice } from '../support/fakes/watched-slice.js';
import { type Answer, failed, type LyingS3, startLyingS3 } from '../support/servers/lying-s3.js';

const key = 'archive/orders/unit-0.gz';

// Bytes that cannot be compressed, so that the object has two parts.
const large = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(9 * 1024 ** 2));

type Kind = 'put' | 'create' | 'part' | 'complete' | 'head';

/** `half`: half of the body is kept, and the answer is 200. For the others see {@link LyingS3}. */
type Misdeed = 'drop' | 'lose' | 'stall' | 'mute' | 'half';

interface Fault {
  /** The number of its row in docs/faults.md. */
  readonly row: number;
  readonly title: string;
  readonly bytes?: Buffer;
  /** What requests of a kind are answered, by their number; those that are not named are answered as usual. */
  readonly answers: Partial<Record<Kind, readonly (Misdeed | Answer | undefined)[]>>;
  readonly timeouts?: Pick<S3TargetOptions, 'timeoutMs' | 'idleTimeoutMs' | 'completeTimeoutMs'>;
  /** Whether all further requests of these kinds are answered like the last that is named. */
  readonly forGood?: true;
  /** Stores an object of somebody else just before the first request of this kind. */
  readonly foreignBefore?: Kind;
  /** Aborts the upload just before the first request of this kind. */
  readonly abortedBefore?: Kind;
  /** What else the line of `status` says. */
  readonly says?: string;
  /** The class that `status` shows while every request is answered like the first, if the fault may pass by itself. */
  readonly shown?: FailureClass;
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
  title: `a put that is refused by ${JSON.stringify(answer)}`,
  answers: { put: [answer] },
  forGood: true,
  seen: { unit: undefined, blocked, requests: { put: 1 } },
});

const faults: readonly Fault[] = [
  {
    row: 42,
    title: 'a storm of 503 SlowDown',
    answers: { put: [slowDown, slowDown, slowDown] },
    shown: 'TargetThrottled',
    seen: { unit: 'done', requests: { put: 4 } },
  },
  {
    row: 43,
    title: 'a connection that is reset while a part is sent',
    bytes: large,
    answers: { part: ['drop'] },
    shown: 'TargetNetwork',
    seen: { unit: 'done', requests: { create: 1, part: 3, complete: 1 } },
  },
  {
    row: 43,
    title: 'a part that is never answered',
    bytes: large,
    answers: { part: ['stall'] },
    timeouts: { timeoutMs: 25_000 },
    shown: 'TargetNetwork',
    seen: { unit: 'done', requests: { create: 1, part: 3, complete: 1 } },
  },
  {
    row: 43,
    title: 'a put that is never answered',
    answers: { put: ['stall'] },
    timeouts: { timeoutMs: 25_000 },
    shown: 'TargetNetwork',
    seen: { unit: 'done', requests: { put: 2 } },
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
  {
    row: 45,
    title: 'a put that was carried out, and is never answered',
    answers: { put: ['mute'] },
    timeouts: { timeoutMs: 25_000 },
    seen: { unit: 'done', requests: { put: 1 } },
  },
  {
    row: 45,
    title: 'a Complete that was carried out, and is never answered',
    bytes: large,
    answers: { complete: ['mute'] },
    timeouts: { completeTimeoutMs: 25_000 },
    seen: { unit: 'done', requests: { create: 1, part: 2, complete: 1 } },
  },
  {
    row: 45,
    title: 'a Complete that was carried out, is not shown at once, and is answered NoSuchUpload when sent again',
    bytes: large,
    answers: { complete: ['lose'], head: [undefined, failed(404, 'NoSuchKey', 'HEAD')] },
    seen: { unit: 'done', requests: { create: 1, part: 2, complete: 2 } },
  },
  ...(
    [
      ['<Error><Code>InternalError</Code><Message>no</Message></Error>', 'TargetNetwork'],
      ['\n<Error><Code>InternalError</Code><Message>no</Message></Error>', 'TargetNetwork'],
      ['<html><body>Please sign in</body></html>', 'TargetUnknownOutcome'],
      ['', 'TargetNetwork'],
    ] as const
  ).map(([body, shown]) => ({
    row: 46,
    title: `a Complete that is answered 200 with ${JSON.stringify(body)}`,
    bytes: large,
    answers: { complete: [{ status: 200, body }] },
    shown,
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
    row: 47,
    title: 'an object that an earlier try of the same put has written, and that is not shown at once',
    answers: { put: ['lose'], head: [failed(404, 'NoSuchKey', 'HEAD')] },
    seen: { unit: 'done', requests: { put: 2 } },
  },
  {
    row: 48,
    title: 'a 409 to a put, because another writer is at work',
    answers: { put: [failed(409, 'ConditionalRequestConflict')] },
    shown: 'TargetRace',
    seen: { unit: 'done', requests: { put: 2 } },
  },
  {
    row: 48,
    title: 'a 409 to a Complete, because another writer is at work',
    bytes: large,
    answers: { complete: [failed(409, 'ConditionalRequestConflict')] },
    shown: 'TargetRace',
    seen: { unit: 'done', requests: { create: 1, part: 2, complete: 2 } },
  },
  {
    row: 48,
    title: 'a 409 to every Complete of one upload, so that another is made',
    bytes: large,
    answers: { complete: Array<Answer>(2).fill(failed(409, 'ConditionalRequestConflict')) },
    seen: { unit: 'done', requests: { create: 2, part: 4, complete: 3 } },
  },
  {
    row: 49,
    title: 'an upload that somebody has aborted',
    bytes: large,
    answers: {},
    abortedBefore: 'complete',
    shown: 'TargetUploadGone',
    seen: { unit: 'done', requests: { create: 2, part: 4, complete: 2 } },
  },
  {
    row: 50,
    title: 'a part that arrives with another checksum',
    bytes: large,
    answers: { part: [failed(400, 'BadDigest')] },
    shown: 'TargetIntegrity',
    seen: { unit: 'done', requests: { create: 1, part: 3, complete: 1 } },
  },
  {
    row: 50,
    title: 'a Complete that finds another part than the one recorded, so that another upload is made',
    bytes: large,
    // Each attempt sends it six times.
    answers: { complete: Array<Answer>(12).fill(failed(400, 'InvalidPart')) },
    shown: 'TargetIntegrity',
    seen: { unit: 'done', requests: { create: 2, part: 4, complete: 13 } },
  },
  {
    row: 51,
    title: 'a part that the store finds too small, which planning prevents',
    bytes: large,
    answers: { complete: [failed(400, 'EntityTooSmall')] },
    forGood: true,
    seen: { unit: 'InternalPlanError', requests: { create: 1, part: 2, complete: 1 } },
  },
  blockedBy(52, failed(403, 'AccessDenied'), 'TargetForbidden'),
  blockedBy(52, failed(404, 'NoSuchBucket'), 'TargetMissing'),
  blockedBy(52, failed(403, 'InvalidAccessKeyId'), 'TargetAuth'),
  blockedBy(52, failed(400, 'ExpiredToken'), 'TargetAuth'),
  blockedBy(52, failed(400, 'KMS.DisabledException'), 'TargetForbidden'),
  blockedBy(52, failed(403, 'KMS.AccessDeniedException'), 'TargetForbidden'),
  {
    ...blockedBy(52, { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } }, 'TargetMissing'),
    says: 'eu-west-1',
  },
  blockedBy(52, failed(400, 'AuthorizationHeaderMalformed'), 'TargetMissing'),
  {
    row: 76,
    title: 'a put of which the store keeps half, and says 200',
    answers: { put: ['half'] },
    seen: { unit: 'done', requests: { put: 2 } },
  },
  {
    row: 76,
    title: 'a Complete of which the store keeps something else, and says 200',
    bytes: large,
    answers: { complete: ['half'] },
    seen: { unit: 'done', requests: { create: 1, part: 2, complete: 2 } },
  },
  blockedBy(80, failed(507, 'InsufficientStorage'), 'TargetFull'),
  blockedBy(80, { status: 507 }, 'TargetFull'),
  blockedBy(80, failed(403, 'QuotaExceeded'), 'TargetFull'),
  ...[failed(501, 'NotImplemented'), { status: 405 }, { status: 411 }, failed(400, 'InvalidRequest')].map((answer) => ({
    row: 81,
    title: `a put of one unit that is refused by ${JSON.stringify(answer)}`,
    answers: { put: [answer] },
    forGood: true as const,
    seen: { unit: 'TargetRefused', requests: { put: 2 } } as const,
  })),
  {
    row: 85,
    title: 'a storm of 503 that asks for a wait of ten days',
    answers: { put: [{ ...slowDown, headers: { 'retry-after': '864000' } }] },
    shown: 'TargetThrottled',
    seen: { unit: 'done', requests: { put: 2 } },
  },
  {
    row: 93,
    title: 'an error whose text would turn the line of a terminal around',
    answers: { put: [failed(400, 'RequestTimeout', 'PUT', 'too\u202eslow')] },
    shown: 'TargetNetwork',
    seen: { unit: 'done', requests: { put: 2 } },
  },
];

const passing = faults.flatMap(({ shown, ...fault }) => (shown === undefined ? [] : [{ ...fault, shown }]));

describe.each(['lean', 'sdk'] as const)('a bucket that misbehaves, over the HTTP client %s', (http) => {
  const time = useScaledTime(50, { wallClock: true });
  let s3: LyingS3;
  let counts: Partial<Record<Kind, number>>;
  const foreign = { body: Buffer.from('mine'), etag: '"mine"', metadata: {} };
  beforeEach(async () => {
    s3 = await startLyingS3();
    counts = {};
  });
  afterEach(() => s3.close());

  it.each(faults)('row $row: $title', async ({ bytes = Buffer.from('text'), seen, ...fault }) => {
    misbehave(fault, ({ number, last }) => (fault.forGood === true ? Math.min(number, last) : number));
    const { migration, slice } = setUp(bytes, fault);
    const result = await slice.move();

    const [receipt] = migration.receipts;
    delete counts.head;
    expect({
      unit: receipt?.state === 'failed' ? receipt.class : receipt?.state,
      ...(result.state === 'blocked' && { blocked: result.class }),
      requests: counts,
    }).toEqual(seen);
    if (seen.unit === 'done') expect(sha256(stored()!.body)).toBe(sha256(bytes));
    else expect(stored()).toBe(fault.foreignBefore === undefined ? undefined : foreign);
    expect(await slice.status()).toEqual([
      ...(seen.unit === undefined || seen.unit === 'done' ? [] : [`failed  1 ${seen.unit}`]),
      ...(seen.blocked ? [expect.stringMatching(showing('blocked', seen.blocked, fault.says))] : []),
    ]);
  });

  it.each(passing)('row $row: status shows $title while it lasts, and then the unit is done', async (fault) => {
    const { bytes = Buffer.from('text'), shown } = fault;
    let isOver = false;
    misbehave({ ...fault, isOver: () => isOver }, () => (isOver ? undefined : 0));
    const { slice } = setUp(bytes, fault);
    slice.onWaiting = () => (isOver = true);
    await slice.move();
    const lines = await slice.status('waiting');
    expect(lines).toEqual([expect.stringMatching(showing('waiting', shown))]);
    expect(lines.join('')).toMatch(/^[\x20-\x7e]+$/);
    expect(sha256(stored()!.body)).toBe(sha256(bytes));
  });

  it('row 54: an object that is damaged after its upload', async () => {
    const { migration } = setUp(Buffer.from('text'));
    const { target } = openTarget(migration);
    const resources = { ...migration.resources, target };
    await writeRecord(resources, { record: resources.record, replaces: undefined }, new AbortController().signal);
    await runRound(resources);
    stored()!.body[0]! ^= 1;
    const verification = await stageMemoryVerification(migration, { sampleOf: () => 1 });
    const [receipt] = await runRound({ ...verification, target });
    expect(receipt).toMatchObject({ state: 'failed', class: 'VerifyMismatch/Content' });
    target.close();
  });

  it('row 55: an upload that a dead process has left open is continued, not left behind', async () => {
    const { migration } = setUp(large);
    const { target } = openTarget(migration);
    misbehave({ answers: {} }, () => undefined);
    const dying = MemoryProcess.dyingAt(({ call, when }) => call === 'target.completeUpload' && when === 'before');
    const job = { resources: { ...migration.resources, target } };
    await expect(dying.move(migration, job)).rejects.toThrow();
    expect([...s3.uploads.keys()]).toHaveLength(1);
    expect(await new MemoryProcess({}).move(migration, job)).toMatchObject({ state: 'complete' });
    expect(counts).toMatchObject({ create: 1, complete: 1 });
    expect([...s3.uploads.keys()]).toEqual([]);
    target.close();
  });

  it('row 55: an upload that a process did not live to record has no parts, and is left alone', async () => {
    const { migration } = setUp(large);
    const { target } = openTarget(migration);
    misbehave({ answers: {} }, () => undefined);
    const dying = MemoryProcess.dyingAt(({ call, when }) => call === 'target.createUpload' && when === 'after');
    const job = { resources: { ...migration.resources, target } };
    await expect(dying.move(migration, job)).rejects.toThrow();
    const unrecorded = [...s3.uploads.values()] as { readonly parts: ReadonlyMap<number, unknown> }[];
    expect(unrecorded).toHaveLength(1);
    const steps: string[] = [];
    const next = new MemoryProcess({}, ({ call, subject, when }) => {
      if (call === 'target.uploadPart' && when === 'before') steps.push('part');
      if (call === 'control.write' && subject.includes('/uploads/') && when === 'after') steps.push('checkpoint');
    });
    expect(await next.move(migration, job)).toMatchObject({ state: 'complete' });
    // An upload that has a part has a checkpoint.
    expect(steps.slice(0, 2)).toEqual(['checkpoint', 'part']);
    expect(counts).toMatchObject({ create: 2, part: 2, complete: 1 });
    expect(sha256(stored()!.body)).toBe(sha256(large));
    expect([...s3.uploads.values()]).toEqual(unrecorded);
    expect(unrecorded.map(({ parts }) => parts.size)).toEqual([0]);
    target.close();
  });

  it('row 57: a worker without file handles for a while', async () => {
    const connect = Socket.prototype.connect;
    onTestFinished(() => void (Socket.prototype.connect = connect));
    let isOver = false;
    const refusing = vi.fn(function (this: Socket, ...args: Parameters<typeof connect>) {
      if (isOver) return connect.apply(this, args);
      const error = Object.assign(new Error('connect EMFILE'), { code: 'EMFILE', syscall: 'connect' });
      setImmediate(() => this.destroy(error));
      return Object.assign(this, { connecting: true });
    });
    Object.assign(Socket.prototype, { connect: refusing });
    const { slice } = setUp(Buffer.from('text'));
    slice.onWaiting = () => (isOver = true);
    await slice.move();
    const [line] = await slice.status('waiting');
    expect(line).toMatch(/^waiting: worker \(WorkerResource\): .+, 1 unit waits for \d+/);
    expect(stored()).toBeDefined();
  });

  it('row 78: an object that another migration of the same name has written', async () => {
    await setUp(Buffer.from('theirs'), { id: 'id-of-another' }).slice.move();
    const theirs = stored();
    const { migration, slice } = setUp(Buffer.from('ours'));
    await slice.move();
    expect(migration.receipts).toMatchObject([{ state: 'failed', class: 'TargetConflict' }]);
    expect(stored()).toBe(theirs);
    expect(await slice.status()).toEqual(['failed  1 TargetConflict']);
  });

  /** Answers as the fault says; `which` chooses among its answers for a kind, by the number of the request. */
  function misbehave(
    fault: Pick<Fault, 'answers' | 'foreignBefore' | 'abortedBefore'> & { readonly isOver?: () => boolean },
    which: (request: { readonly number: number; readonly last: number }) => number | undefined,
  ): void {
    const { answers, foreignBefore, abortedBefore, isOver } = fault;
    s3.before = ({ method, url, headers, body }) => {
      const kind = kindOf(method, url);
      if (kind === undefined) return undefined;
      const number = counts[kind] ?? 0;
      counts[kind] = number + 1;
      if (kind === foreignBefore) s3.objects.set(key, foreign);
      if (kind === abortedBefore && (isOver === undefined ? number === 0 : !isOver())) s3.uploads.clear();
      const ofKind = answers[kind] ?? [];
      const index = which({ number, last: ofKind.length - 1 });
      const answer = index === undefined ? undefined : ofKind[index];
      if (answer !== 'half') return answer;
      const [upload] = s3.uploads.values() as MapIterator<{ readonly metadata: (typeof foreign)['metadata'] }>;
      const ours = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
      const metadata = upload?.metadata ?? Object.fromEntries(ours);
      const half = { body: body.subarray(0, body.length / 2), etag: '"half"', metadata };
      s3.objects.set(key, half);
      const xml = `<CompleteMultipartUploadResult><ETag>${half.etag}</ETag></CompleteMultipartUploadResult>`;
      return { status: 200, headers: { etag: half.etag }, body: kind === 'complete' ? xml : '' };
    };
  }

  function stored(): typeof foreign | undefined {
    return s3.objects.get(key) as typeof foreign | undefined;
  }

  /** Returns a migration of one unit, and its slice with the bucket. */
  function setUp(
    bytes: Buffer,
    { id = 'id-of-orders', timeouts = {} }: Pick<Fault, 'timeouts'> & { readonly id?: string } = {},
  ) {
    // Not compressed: what is large would take its time.
    const definition = smallDefinition({ transform: { compress: 'none' } });
    const migration = new MemoryMigration({ units: 1, definition });
    Object.assign(migration.resources.record, { id });
    migration.addBlob(0, 'a', bytes);
    return { migration, slice: new WatchedSlice(migration, openTarget(migration, timeouts), time) };
  }

  function openTarget({ resources }: MemoryMigration, timeouts: Fault['timeouts'] = {}) {
    const { definition } = resources.record;
    const target = createS3Target({
      target: { ...definition.target, endpoint: s3.url, forcePathStyle: true, region: 'eu-central-1' },
      keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') },
      allowInsecureEndpoints: true,
      http,
      // Nothing but what a case is about ends a request.
      ...{ timeoutMs: 50_000_000, idleTimeoutMs: 50_000_000, completeTimeoutMs: 50_000_000, ...timeouts },
    });
    return { target };
  }
});

/** How a line of `status` begins that names what is wrong with the bucket, and how it ends. */
const showing = (how: 'blocked' | 'waiting', failureClass: FailureClass, says = ''): RegExp =>
  new RegExp(`^${how}: target archive \\(${failureClass}\\): .+${says}.*, 1 unit waits for \\d+`);

function kindOf(method: string, url: string): Kind | undefined {
  const { searchParams } = new URL(url, 'http://store');
  if (method === 'HEAD') return 'head';
  if (method === 'PUT') return searchParams.has('uploadId') ? 'part' : 'put';
  if (method !== 'POST') return undefined;
  return searchParams.has('uploadId') ? 'complete' : 'create';
}
