import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ObjectTarget, StoredPart, WriteOutcome } from '../../src/pipeline/publish/object-target.js';
import { crc32Base64 } from '../support/fakes/memory-object-target.js';
import { collect } from './blob-source-contract.js';

const partBytes = 5 * 1024 * 1024;
const absent = { kind: 'absent' } as const;

/**
 * What every object target promises, as tests inside a `describe`. The factory returns a target and a prefix of its
 * own.
 */
export function objectTargetContract(
  open: () => Promise<{ readonly target: ObjectTarget; readonly base: string }>,
): void {
  const running = new AbortController().signal;
  const put = (
    target: ObjectTarget,
    key: string,
    text: string,
    condition: Parameters<ObjectTarget['put']>[0]['condition'],
  ) => {
    const body = Buffer.from(text);
    return target.put({ key, body, crc32: crc32Base64(body), metadata: { 'longhaul-unit': text }, condition }, running);
  };
  const uploadTwoParts = async (target: ObjectTarget, key: string) => {
    const { uploadId } = await target.createUpload(key, { 'longhaul-unit': 'large' }, running);
    const bodies = [Buffer.alloc(partBytes, 1), Buffer.from('the end')];
    const parts: StoredPart[] = [];
    for (const [index, body] of bodies.entries())
      parts.push(
        await target.uploadPart({ key, uploadId, number: index + 1, body, crc32: crc32Base64(body) }, running),
      );
    const whole = Buffer.concat(bodies);
    return { key, uploadId, parts, whole, crc32: crc32Base64(whole), bytes: whole.length };
  };

  it('has nothing under a key that was never written', async () => {
    const { target, base } = await open();
    expect(await target.head(`${base}/absent`, running)).toBeUndefined();
  });

  it('stores an object with its metadata and checksum, and returns it', async () => {
    const { target, base } = await open();
    const stored = requireStored(await put(target, `${base}/a`, 'content', absent));
    const head = await target.head(`${base}/a`, running);
    expect(head).toMatchObject({
      etag: stored.etag,
      bytes: 7,
      crc32: crc32Base64(Buffer.from('content')),
      metadata: { 'longhaul-unit': 'content' },
    });
    const pieces = await collect(target.get(`${base}/a`, stored.etag, running));
    expect(Buffer.concat(pieces).toString()).toBe('content');
  });

  it('lists exactly the objects below a prefix, with their bytes, on as many pages as it takes', async () => {
    const { target, base } = await open();
    const names = ['a', 'b/1', 'b/2', 'c', 'd'];
    for (const name of names) requireStored(await put(target, `${base}/listed/${name}`, name, absent));
    requireStored(await put(target, `${base}/listed-not`, 'x', absent));
    const found = new Map<string, number>();
    let after: string | undefined;
    do {
      const page = await target.listPage(`${base}/listed/`, after, running);
      for (const { key, bytes } of page.objects) found.set(key, bytes);
      after = page.next;
    } while (after !== undefined);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(names.map((name) => [`${base}/listed/${name}`, name.length])),
    );
  });

  it('knows the tags of an object, and none of one that is not there', async () => {
    const { target, base } = await open();
    requireStored(await put(target, `${base}/tagged`, 'x', absent));
    expect(await target.tags(`${base}/tagged`, running)).toBeDefined();
    expect(await target.tags(`${base}/absent`, running)).toBeUndefined();
  });

  it('refuses to overwrite an object, or any version other than the one named', async () => {
    const { target, base } = await open();
    const first = requireStored(await put(target, `${base}/a`, 'first', absent));
    expect(await put(target, `${base}/a`, 'second', absent)).toEqual({ state: 'refused' });
    requireStored(await put(target, `${base}/a`, 'second', { kind: 'etag', etag: first.etag }));
    expect(await put(target, `${base}/a`, 'third', { kind: 'etag', etag: first.etag })).toEqual({ state: 'refused' });
    expect(await put(target, `${base}/gone`, 'x', { kind: 'etag', etag: first.etag })).toEqual({ state: 'refused' });
    expect((await target.head(`${base}/a`, running))!.metadata['longhaul-unit']).toBe('second');
  });

  it('refuses a body that does not match its checksum, and stores nothing', async () => {
    const { target, base } = await open();
    const request = { key: `${base}/bad`, body: Buffer.from('sent'), crc32: crc32Base64(Buffer.from('meant')) };
    await expect(target.put({ ...request, metadata: {}, condition: absent }, running)).rejects.toMatchObject({
      failureClass: 'TargetIntegrity',
    });
    expect(await target.head(`${base}/bad`, running)).toBeUndefined();
  });

  it('publishes an upload only when it is completed, with a checksum over the whole object', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/large`);
    expect(await target.head(`${base}/large`, running)).toBeUndefined();
    const stored = requireStored(await target.completeUpload({ ...upload, condition: absent }, running));
    const head = await target.head(`${base}/large`, running);
    expect(head).toMatchObject({ etag: stored.etag, bytes: upload.bytes, metadata: { 'longhaul-unit': 'large' } });
    expect(head!.crc32 ?? upload.crc32).toBe(upload.crc32);
    const hash = createHash('sha256');
    for await (const piece of target.get(`${base}/large`, stored.etag, running)) hash.update(piece);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(upload.whole).digest('hex'));
  });

  it('accepts a part that is sent again', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/again`);
    const body = Buffer.from('the end');
    const again = { key: upload.key, uploadId: upload.uploadId, number: 2, body, crc32: crc32Base64(body) };
    expect(await target.uploadPart(again, running)).toEqual(upload.parts[1]);
    requireStored(await target.completeUpload({ ...upload, condition: absent }, running));
  });

  it('refuses a part, and an object, that does not match its checksum', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/sums`);
    const wrong = crc32Base64(Buffer.from('another'));
    const part = { key: upload.key, uploadId: upload.uploadId, number: 2, body: Buffer.from('x'), crc32: wrong };
    await expect(target.uploadPart(part, running)).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
    const complete = target.completeUpload({ ...upload, crc32: wrong, condition: absent }, running);
    await expect(complete).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
    expect(await target.head(`${base}/sums`, running)).toBeUndefined();
  });

  it('refuses to complete over an object, and leaves the upload to be aborted', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/taken`);
    const present = requireStored(await put(target, `${base}/taken`, 'foreign', absent));
    expect(await target.completeUpload({ ...upload, condition: absent }, running)).toEqual({ state: 'refused' });
    expect((await target.head(`${base}/taken`, running))!.etag).toBe(present.etag);
    await target.abortUpload(upload.key, upload.uploadId, running);
    await target.abortUpload(upload.key, upload.uploadId, running);
  });

  it('refuses to complete in place of an object that does not exist', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/absent`);
    const condition = { kind: 'etag', etag: '"00000000000000000000000000000000"' } as const;
    expect(await target.completeUpload({ ...upload, condition }, running)).toEqual({ state: 'refused' });
    expect(await target.head(`${base}/absent`, running)).toBeUndefined();
    await target.abortUpload(upload.key, upload.uploadId, running);
  });

  it('no longer knows an upload that was aborted', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/aborted`);
    await target.abortUpload(upload.key, upload.uploadId, running);
    const body = Buffer.from('x');
    const part = { key: upload.key, uploadId: upload.uploadId, number: 3, body, crc32: crc32Base64(body) };
    await expect(target.uploadPart(part, running)).rejects.toMatchObject({ failureClass: 'TargetUploadGone' });
    expect(await target.completeUpload({ ...upload, condition: absent }, running)).toEqual({ state: 'gone' });
  });

  it('reads no version other than the one named', async () => {
    const { target, base } = await open();
    const first = requireStored(await put(target, `${base}/a`, 'first', absent));
    requireStored(await put(target, `${base}/a`, 'second', { kind: 'etag', etag: first.etag }));
    await expect(collect(target.get(`${base}/a`, first.etag, running))).rejects.toMatchObject({
      failureClass: 'TargetRace',
    });
  });

  it('can be abandoned in the middle of an object', async () => {
    const { target, base } = await open();
    const upload = await uploadTwoParts(target, `${base}/left`);
    const stored = requireStored(await target.completeUpload({ ...upload, condition: absent }, running));
    for (let reader = 0; reader < 5; reader += 1) {
      for await (const piece of target.get(`${base}/left`, stored.etag, running)) {
        expect(piece.length).toBeLessThan(upload.bytes);
        break;
      }
    }
  });

  it('rejects with the reason of an aborted signal', async () => {
    const { target, base } = await open();
    const reason = new Error('the worker shuts down');
    const aborted = AbortSignal.abort(reason);
    await expect(target.head(`${base}/a`, aborted)).rejects.toBe(reason);
    const body = Buffer.from('x');
    const request = { key: `${base}/a`, body, crc32: crc32Base64(body), metadata: {}, condition: absent };
    await expect(target.put(request, aborted)).rejects.toBe(reason);
    await expect(collect(target.get(`${base}/a`, '"x"', aborted))).rejects.toBe(reason);
    expect(await target.head(`${base}/a`, running)).toBeUndefined();
  });
}

function requireStored(outcome: WriteOutcome): Extract<WriteOutcome, { state: 'stored' }> {
  if (outcome.state !== 'stored') throw new Error(`the write ended as ${outcome.state}`);
  return outcome;
}
