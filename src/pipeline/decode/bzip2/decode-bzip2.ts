import type { DecodedBlob, DecodeOptions } from '../blob-rules.js';
import { BlobDecoding } from './blob-decoding.js';
import { decoderPool } from './decoder-pool.js';
import { decodingTurns } from '../../../flow/event-loop-turns.js';

/**
 * Decodes one bzip2 blob: all its streams, block and stream checksums checked. The pieces have at most 128 KiB; they belong to whoever
 * gets them. At the end gives what was found. However the bytes of `body` are cut, the result is the same.
 *
 * Fails with a class below `CorruptInput` where the bytes are not whole bzip2, whose cause is a `Bzip2Error` with stream, block and
 * offset; with `LimitExceeded/…` as soon as more comes out than allowed (a piece that passes a limit is not given); with the reason of
 * `signal` when that is aborted; and with whatever `body` fails with. When the caller stops early, `body` is closed.
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
