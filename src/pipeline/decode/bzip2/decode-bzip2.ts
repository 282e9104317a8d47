import type { DecodedBlob, DecodeOptions } from '../blob-rules.js';
import { BlobDecoding } from './blob-decoding.js';
import { decoderPool } from './decoder-pool.js';
import { decodingTurns } from '../../../flow/event-loop-turns.js';

/**
 * Decodes one bzip2 blob: all its streams, with block and stream checksums checked. Yields pieces of at most 128 KiB,
 * which the caller owns, and returns what was found. The result does not depend on how the bytes of `body` are cut.
 *
 * Fails with a class below `CorruptInput` if the bytes are not whole bzip2, with a `Bzip2Error` that names stream,
 * block and offset as its cause; with `LimitExceeded/…` as soon as more comes out than allowed (a piece that exceeds a
 * limit is not yielded); with the reason of `signal` when that is aborted; and with whatever `body` fails with. Closes
 * `body` if the caller stops early.
 */
export async function* decodeBzip2(
  body: AsyncIterable<Uint8Array>,
  { signal, ...rules }: DecodeOptions,
): AsyncGenerator<Uint8Array, DecodedBlob> {
  const decoder = decoderPool.acquire();
  const decoding = new BlobDecoding(decoder, rules);
  try {
    for await (const bytes of body) {
      signal?.throwIfAborted();
      for (const piece of decoding.write(bytes)) {
        yield piece;
        signal?.throwIfAborted();
        await decodingTurns.after(piece.length);
      }
      await decodingTurns.after(bytes.length);
    }
    for (const piece of decoding.end()) {
      yield piece;
      signal?.throwIfAborted();
      await decodingTurns.after(piece.length);
    }
    return decoding.found;
  } finally {
    decoderPool.release(decoder);
  }
}
