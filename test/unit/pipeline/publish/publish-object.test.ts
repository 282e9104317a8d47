import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { ByteBudget } from '../../../../src/flow/byte-budget.js';
import type { Part } from '../../../../src/pipeline/pack/cut-parts.js';
import { publishObject } from '../../../../src/pipeline/publish/publish-object.js';
import { objectIdentity, ownership } from '../../../../src/pipeline/publish/object-identity.js';
import type { WriteCondition } from '../../../../src/pipeline/publish/object-target.js';
import { Flag } from '../../../support/fakes/flag.js';
import { rawEnd, uploadPlan } from '../../../support/fakes/upload-plan.js';
import { crc32Base64, MemoryObjectTarget } from '../../../support/fakes/memory-object-target.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { rivals, watchReplacements } from '../../../support/fakes/target-rival.js';

const time = useScaledTime(200);

const never = new AbortController().signal;
const unit = { index: 0, id: 'u', key: 'u.gz', fields: {} };
const identity = objectIdentity({ name: 'orders', id: 'id-1' }, unit, 'manifest');
const raw = { bytes: 3, sha256: 'a'.repeat(64), crc32: '00000001' };
const body = Buffer.from('the whole object');

async function* partsOf(bodies: readonly Uint8Array[]): AsyncGenerator<Part> {
  for (const [index, part] of bodies.entries())
    yield { number: index + 1, body: part, last: index === bodies.length - 1, rawEnd };
}

function loading(options: {
  readonly parts?: readonly (Uint8Array | string)[];
  readonly overwrite?: 'never' | 'changed' | 'always';
  readonly condition?: WriteCondition;
  readonly aheadBytes?: number;
  readonly signal?: AbortSignal;
}) {
  const target = new MemoryObjectTarget({ partBytesMin: 1 });
  const ahead = new ByteBudget(options.aheadBytes ?? 1_000);
  const bodies = (options.parts ?? [body]).map((part) => Buffer.from(part));
  const run = (parts = partsOf(bodies)) => {
    const { overwrite = 'never', condition = { kind: 'absent' } } = options;
    const load = {
      unit,
      identity,
      overwrite,
      compress: 'none' as const,
      target,
      condition,
      ahead,
      rawProof: () => raw,
      storeFindings: async () => {},
      upload: uploadPlan(target),
    };
    return publishObject(parts, load, options.signal ?? never);
  };
  return { target, ahead, run };
}

describe('an object of one part', () => {
  it('is put once, with its digests in the metadata and what the reply proved in the result', async () => {
    const { target, run } = loading({});
    const loaded = await run();
    const object = target.objects.get('u.gz')!;
    expect(object.bytes.equals(body)).toBe(true);
    expect(object.metadata).toMatchObject({
      'longhaul-manifest': 'manifest',
      'longhaul-sha256': raw.sha256,
      'longhaul-crc32': raw.crc32,
      'longhaul-bytes': '3',
    });
    expect(loaded).toEqual({
      state: 'done',
      raw,
      bytes: body.length,
      proof: { etag: object.etag, checksum: crc32Base64(body), parts: 1 },
    });
    expect(target.requests.log.map(({ kind }) => kind)).toEqual(['put']);
  });

  it('whose request was lost is put again', async () => {
    const { target, run } = loading({});
    target.requests.hook = ({ kind, count }) => (kind === 'put' && count < 2 ? { fault: 'lose-request' } : undefined);
    expect(await run()).toMatchObject({ state: 'done' });
    expect(target.requests.count('put')).toBe(3);
  });

  it.each([1, 2])('whose reply was lost is found by a HEAD that itself needs %d tries', async (tries) => {
    const { target, run } = loading({});
    target.requests.hook = ({ kind, count }) => {
      if (kind === 'put') return { fault: 'lose-reply' };
      return count < tries - 1 ? { fault: 'lose-reply' } : undefined;
    };
    const loaded = await run();
    expect(loaded).toMatchObject({ state: 'done', proof: { etag: target.objects.get('u.gz')?.etag, parts: 1 } });
    expect(target.requests.count('put')).toBe(1);
  });

  it('that is refused because the very object is there is found, not put', async () => {
    const { target, run } = loading({});
    const same = rivals.same(identity, body);
    target.objects.set('u.gz', same);
    expect(await run()).toMatchObject({ state: 'found', proof: { etag: same.etag } });
    expect(target.objects.get('u.gz')).toBe(same);
  });

  it.each([
    ['length', Buffer.from('the whole')],
    ['checksum', Buffer.from('THE WHOLE OBJECT')],
  ])('is not proven by an object of its name but of another %s', async (_, bytes) => {
    const { target, run } = loading({});
    const other = rivals.same(identity, bytes);
    target.objects.set('u.gz', other);
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
    expect(target.objects.get('u.gz')).toBe(other);
  });

  it.each([
    ['a put', [body]],
    ['an upload', ['first part, ', 'second part']],
  ])('is not done when the store kept half of %s, though its reply repeats the CRC-32', async (_, parts) => {
    const { target, run } = loading({ parts });
    target.echoes = true;
    target.keep = (bytes) => bytes.subarray(0, bytes.length / 2);
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
  });

  it('replaces its own leftover of another manifest', async () => {
    const { target, run } = loading({});
    target.objects.set('u.gz', rivals.leftover(identity));
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ownership(target.objects.get('u.gz')!, identity)).toBe('same');
  });

  it.each([
    ['never', false],
    ['changed', false],
    ['always', true],
  ] as const)('under overwrite: %s replaces a foreign object: %s', async (overwrite, replaces) => {
    const { target, run } = loading({ overwrite });
    const foreign = rivals.foreign();
    target.objects.set('u.gz', foreign);
    if (replaces) await run();
    else await expect(run()).rejects.toMatchObject({ failureClass: 'TargetConflict' });
    expect(target.objects.get('u.gz') === foreign).toBe(!replaces);
  });

  it('does not replace an object that changed after the HEAD that allowed it', async () => {
    const { target, run } = loading({ condition: { kind: 'etag', etag: '"seen"' } });
    const foreign = rivals.foreign();
    target.objects.set('u.gz', foreign);
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetConflict' });
    expect(target.objects.get('u.gz')).toBe(foreign);
  });

  it('begins again as a new object when the one to replace has gone', async () => {
    const { run } = loading({ condition: { kind: 'etag', etag: '"seen"' } });
    expect(await run()).toMatchObject({ state: 'done' });
  });

  it('is not done when the reply proves other bytes', async () => {
    const { target, run } = loading({});
    const put = target.put.bind(target);
    target.put = async (request, signal) => {
      await put({ ...request, body: Buffer.from('other'), crc32: crc32Base64(Buffer.from('other')) }, signal);
      return { state: 'stored', etag: '"x"' };
    };
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
  });

  it('is proven by the MD5 in the ETag when the store returns no checksum', async () => {
    const { target, run } = loading({});
    const put = target.put.bind(target);
    target.put = async (request, signal) => {
      const outcome = await put(request, signal);
      return outcome.state === 'stored' ? { state: 'stored', etag: outcome.etag } : outcome;
    };
    expect(await run()).toMatchObject({ state: 'done', proof: { checksum: null } });
    expect(target.requests.count('head')).toBe(0);
  });

  it('on which another writer is at work begins again as a unit', async () => {
    const { target, run } = loading({});
    target.put = async () => ({ state: 'race' });
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetRace' });
  });

  it('whose outcome stays unknown fails after ten minutes, retryably', async () => {
    const { target, run } = loading({});
    target.put = async () => {
      time.leap(4 * 60_000);
      return { state: 'unknown', cause: new Error('the reply was lost') };
    };
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetUnknownOutcome', row: { retry: 'yes' } });
  });
});

describe('an object of several parts', () => {
  const parts = ['first part ', 'second part ', 'third part ', 'end'];
  const whole = Buffer.from(parts.join(''));

  it.each([0, 12, 1_000])('is whole with a budget of %d bytes, which is released', async (aheadBytes) => {
    const { target, ahead, run } = loading({ parts, aheadBytes });
    const loaded = await run();
    const object = target.objects.get('u.gz')!;
    expect(object.bytes.equals(whole)).toBe(true);
    expect(loaded).toEqual({
      state: 'done',
      raw,
      bytes: whole.length,
      proof: { etag: object.etag, checksum: crc32Base64(whole), parts: 4 },
    });
    expect(target.uploads.size).toBe(0);
    expect(ahead.usedBytes).toBe(0);
  });

  it('sends parts again whose request or reply was lost', async () => {
    const { target, ahead, run } = loading({ parts });
    target.requests.hook = ({ kind, count }) => {
      if (kind !== 'uploadPart') return undefined;
      return ([{ fault: 'lose-request' }, { fault: 'lose-reply' }] as const)[count];
    };
    await run();
    expect(target.objects.get('u.gz')!.bytes.equals(whole)).toBe(true);
    expect(target.requests.count('uploadPart')).toBe(6);
    expect(ahead.usedBytes).toBe(0);
  });

  it('whose Complete was executed and its reply lost is found', async () => {
    const { target, run } = loading({ parts });
    target.requests.hook = ({ kind }) => (kind === 'completeUpload' ? { fault: 'lose-reply' } : undefined);
    expect(await run()).toMatchObject({ state: 'done', proof: { parts: 4 } });
    expect(target.requests.count('completeUpload')).toBe(1);
  });

  it('whose Complete never arrived is completed again', async () => {
    const { target, run } = loading({ parts });
    target.requests.hook = ({ kind, count }) =>
      kind === 'completeUpload' && count < 2 ? { fault: 'lose-request' } : undefined;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(target.objects.get('u.gz')!.bytes.equals(whole)).toBe(true);
  });

  it('whose upload somebody aborted begins again as a unit', async () => {
    const { target, run } = loading({ parts });
    target.requests.hook = ({ kind }) => {
      if (kind === 'completeUpload') target.uploads.clear();
      return undefined;
    };
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetUploadGone' });
    expect(target.objects.size).toBe(0);
  });

  it('that another attempt has published meanwhile is found, and its upload left to the checkpoint', async () => {
    const { target, run } = loading({ parts });
    target.requests.hook = ({ kind }) => {
      if (kind === 'completeUpload') target.objects.set('u.gz', rivals.same(identity, whole));
      return undefined;
    };
    expect(await run()).toMatchObject({ state: 'found' });
    expect(target.uploads.size).toBe(1);
  });

  it('leaves a foreign object untouched, and its upload to the checkpoint', async () => {
    const { target, run } = loading({ parts });
    const foreign = rivals.foreign();
    target.objects.set('u.gz', foreign);
    await expect(run()).rejects.toMatchObject({ failureClass: 'TargetConflict' });
    expect(target.objects.get('u.gz')).toBe(foreign);
    expect(target.uploads.size).toBe(1);
  });

  it.each(['createUpload', 'uploadPart', 'completeUpload'] as const)(
    'leaves its upload, if any, to the checkpoint and no budget taken when %s is refused',
    async (refused) => {
      const { target, ahead, run } = loading({ parts });
      target.requests.hook = ({ kind }) =>
        kind === refused ? { fault: 'fail', failure: new Failure('TargetForbidden', 'no') } : undefined;
      await expect(run()).rejects.toMatchObject({ failureClass: 'TargetForbidden' });
      expect(target.uploads.size).toBe(refused === 'createUpload' ? 0 : 1);
      expect(target.requests.count('abortUpload')).toBe(0);
      expect(ahead.usedBytes).toBe(0);
    },
  );

  it('releases the budget when a part fails while others are under way', async () => {
    const { target, ahead, run } = loading({ parts });
    const stopped = new Flag();
    target.requests.hook = ({ kind, count }) => {
      if (kind !== 'uploadPart') return undefined;
      if (count === 0) return { fault: 'fail', failure: new Failure('TargetForbidden', 'no') };
      return stopped.raised.then(() => undefined);
    };
    // The third part arrives when the first has failed. The second is under way until no more parts are asked for.
    const bodies = async function* () {
      try {
        yield { number: 1, body: Buffer.from('first part '), last: false, rawEnd };
        yield { number: 2, body: Buffer.from('second part '), last: false, rawEnd };
        await new Promise(setImmediate);
        yield { number: 3, body: Buffer.from('third part '), last: false, rawEnd };
        throw new Error('a fourth part was asked for');
      } finally {
        stopped.raise();
      }
    };
    await expect(run(bodies())).rejects.toMatchObject({ failureClass: 'TargetForbidden' });
    expect(ahead.usedBytes).toBe(0);
  });

  it('is kept for whoever resumes it when its bytes break off, with the failure that broke them', async () => {
    const { target, ahead, run } = loading({ parts });
    const failure = new Failure('CorruptInput/BlockCrc', 'damaged', { blob: 'east/c/a' });
    const bodies = async function* () {
      yield { number: 1, body: Buffer.from('first'), last: false, rawEnd };
      yield { number: 2, body: Buffer.from('second'), last: false, rawEnd };
      throw failure;
    };
    await expect(run(bodies())).rejects.toBe(failure);
    expect(target.requests.count('abortUpload')).toBe(0);
    expect(target.uploads.size).toBe(1);
    expect(target.objects.size).toBe(0);
    expect(ahead.usedBytes).toBe(0);
  });

  it('is ended by the signal with its reason, and kept for whoever resumes it', async () => {
    const controller = new AbortController();
    const reason = new Error('shutdown');
    const { target, ahead, run } = loading({ parts, signal: controller.signal });
    target.requests.hook = ({ kind, count }) => {
      if (kind === 'uploadPart' && count === 1) controller.abort(reason);
      return undefined;
    };
    await expect(run()).rejects.toBe(reason);
    expect(target.uploads.size).toBe(1);
    expect(ahead.usedBytes).toBe(0);
  });

  it('is written once', async () => {
    const { target, run } = loading({ parts });
    const replacements = watchReplacements(target);
    await run();
    expect(replacements).toHaveLength(1);
  });
});
