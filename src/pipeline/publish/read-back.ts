import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import type { TransformDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { ObjectTarget } from './object-target.js';
import { RawDigest, type RawProof } from '../pack/raw-digest.js';

/**
 * Reads an object back and digests its raw bytes, in bounded memory: what it unpacks to, or itself where it is not compressed. Fails with
 * `TargetIntegrity` where it should be gzip and is not whole.
 */
export async function readBack(
  target: Pick<ObjectTarget, 'get'>,
  object: { readonly key: string; readonly etag: string; readonly compress: TransformDefinition['compress'] },
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
    const stages = object.compress === 'gzip' ? [createGunzip(), sink] : [sink];
    await pipeline([Readable.from(target.get(object.key, object.etag, signal)), ...stages], { signal });
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
