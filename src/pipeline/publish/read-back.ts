import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip } from 'node:zlib';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import type { TransformDefinition } from '../../domain/definition.js';
import type { WrittenObject } from './object-identity.js';
import type { ObjectTarget } from './object-target.js';
import { RawDigest } from '../pack/raw-digest.js';

/**
 * Reads an object back in bounded memory and returns the sums of its bytes and the digests of its raw bytes: of what it
 * unpacks to, or of the object itself if it is not compressed. Returns undefined if it should be gzip and is not whole.
 */
export async function readBack(
  target: Pick<ObjectTarget, 'get'>,
  object: { readonly key: string; readonly etag: string; readonly compress: TransformDefinition['compress'] },
  signal: AbortSignal,
): Promise<WrittenObject | undefined> {
  const digest = RawDigest.once();
  const sums = { bytes: 0, crc32: 0 };
  const summed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of target.get(object.key, object.etag, signal)) {
      sums.bytes += piece.length;
      sums.crc32 = crc32(piece, sums.crc32);
      yield piece;
    }
  };
  const sink = new Writable({
    write(piece: Uint8Array, _encoding, done) {
      digest.update(piece);
      done();
    },
  });
  try {
    const stages = object.compress === 'gzip' ? [createGunzip(), sink] : [sink];
    await pipeline([Readable.from(summed()), ...stages], { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (isZlibError(error)) return undefined;
    throw error;
  }
  return { object: { bytes: sums.bytes, crc32: crc32Base64(sums.crc32) }, raw: digest.finish() };
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
