import type { BlobVerdict, DecodeBlobOptions } from './decode-blob.js';
import { decodeWholeBzip2 } from './bzip2/decode-whole-bzip2.js';
import { formatOf } from './detect-format.js';

/**
 * Reports whether {@link decodeWhole} decodes a blob. It does so for bzip2, which most small blobs are, unless bytes
 * after the last stream are looked through.
 */
export function isDecodedWhole(bytes: Uint8Array, { transform }: Pick<DecodeBlobOptions, 'transform'>): boolean {
  const { decompress, trailingGarbage } = transform;
  if (trailingGarbage !== 'fail') return false;
  return decompress === 'bzip2' || (decompress === 'auto' && formatOf(bytes) === 'bzip2');
}

/**
 * Decodes a blob that is in memory as `decodeBlob` does, without a promise or a copy for each piece: a piece is valid
 * until the next one is asked for. The caller lets the event loop turn.
 */
export function* decodeWhole(
  bytes: Uint8Array,
  { transform: _decided, signal, ...rules }: DecodeBlobOptions,
): Generator<Uint8Array, BlobVerdict> {
  signal?.throwIfAborted();
  return { format: 'bzip2', ...(yield* decodeWholeBzip2(bytes, { ...rules, trailingGarbage: 'fail' })) };
}
