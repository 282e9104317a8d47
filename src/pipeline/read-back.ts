import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { Failure } from '../domain/failure.js';
import type { ObjectTarget } from './object-target.js';
import { RawDigest, type RawProof } from './raw-digest.js';

/** Reads a gzip object back and digests what it unpacks to, in bounded memory. Fails with `TargetIntegrity` where it is not whole gzip. */
export async function readBack(
  target: Pick<ObjectTarget, 'get'>,
  object: { readonly key: string; readonly etag: string },
  signal: AbortSignal,
): Promise<RawProof> {
  const digest = RawDigest.once();
  const sink = new Writable({
    write(piece: Uint8Array, _encoding, done) {
      digest.update(piece);
      done();
    },
  });
  try {
    await pipeline(Readable.from(target.get(object.key, object.etag, signal)), createGunzip(), sink, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (isZlibError(error))
      throw new Failure('TargetIntegrity', `${object.key} is not whole gzip: ${error.message}`, { cause: error });
    throw error;
  }
  return digest.finish();
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
