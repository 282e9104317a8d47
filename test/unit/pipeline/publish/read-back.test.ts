import { createHash } from 'node:crypto';
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBack } from '../../../../src/pipeline/publish/read-back.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { crc32Base64, MemoryObjectTarget } from '../../../support/fakes/memory-object-target.js';
import { objectOf } from '../../../support/fakes/target-rival.js';

const never = new AbortController().signal;
const raw = noise(300_000);

function targetWith(bytes: Uint8Array) {
  const target = new MemoryObjectTarget();
  const object = objectOf(bytes);
  target.objects.set('a.gz', object);
  return { target, object: { key: 'a.gz', etag: object.etag, compress: 'gzip' as const } };
}

describe('readBack', () => {
  it('returns length and digests of an object, and of what it unpacks to', async () => {
    const { target, object } = targetWith(gzipSync(raw));
    expect(await readBack(target, object, never)).toEqual({
      object: { bytes: gzipSync(raw).length, crc32: crc32Base64(gzipSync(raw)) },
      raw: {
        bytes: raw.length,
        sha256: createHash('sha256').update(raw).digest('hex'),
        crc32: crc32(raw).toString(16).padStart(8, '0'),
      },
    });
  });

  it.each([
    ['is not gzip', Buffer.from('plain text')],
    ['ends early', gzipSync(raw).subarray(0, -20)],
    ['lost its trailer', gzipSync(raw).subarray(0, -4)],
    ['is empty', Buffer.alloc(0)],
  ])('returns nothing for an object that %s', async (_, bytes) => {
    const { target, object } = targetWith(bytes);
    expect(await readBack(target, object, never)).toBeUndefined();
  });

  it('reads an object that is not compressed as it is, even with gzip inside it', async () => {
    for (const bytes of [raw, gzipSync(raw), Buffer.alloc(0)]) {
      const { target, object } = targetWith(bytes);
      expect(await readBack(target, { ...object, compress: 'none' }, never)).toMatchObject({
        object: { bytes: bytes.length },
        raw: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
      });
    }
  });

  it('does not read a different version', async () => {
    const { target } = targetWith(gzipSync(raw));
    await expect(readBack(target, { key: 'a.gz', etag: '"other"', compress: 'gzip' }, never)).rejects.toMatchObject({
      failureClass: 'TargetRace',
    });
  });

  it('is ended by the signal with its reason', async () => {
    const { target, object } = targetWith(gzipSync(raw));
    const reason = new Error('shutdown');
    await expect(readBack(target, object, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
