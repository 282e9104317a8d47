import type { BlobRules, DecodedBlob } from '../blob-rules.js';
import { BlobDecoding } from './blob-decoding.js';
import { decoderPool } from './decoder-pool.js';

/**
 * Decodes one bzip2 blob that is in memory, as `decodeBzip2` does. A piece is valid until the next one is asked for, so
 * that nothing is copied.
 */
export function* decodeWholeBzip2(bytes: Uint8Array, rules: BlobRules): Generator<Uint8Array, DecodedBlob> {
  const decoder = decoderPool.acquire({ lends: true });
  const decoding = new BlobDecoding(decoder, rules);
  try {
    yield* decoding.write(bytes);
    yield* decoding.end();
    return decoding.found;
  } finally {
    decoderPool.release(decoder);
  }
}
