import { Failure } from '../../domain/failure.js';
import type { Bzip2Decoder } from './bzip2-decoder.js';
import { Bzip2Error } from './bzip2-error.js';
import { decoderPool } from './decoder-pool.js';
import { decodingTurns } from './event-loop-turns.js';

/** What bounds the decoding of one blob. */
export interface BlobLimits {
  /** Uncompressed bytes. */
  readonly blobBytes: number;
  /** Uncompressed : compressed, counted after the first {@link expansionFreeBytes}. */
  readonly expansion: number;
}

/** Until so many uncompressed bytes of a blob its expansion does not matter: small blobs of zeros are common and harmless. */
export const expansionFreeBytes = 64 * 1024 * 1024;

/** How one blob is decoded. */
export interface DecodeOptions {
  readonly limits: BlobLimits;
  /** Names the blob in errors. */
  readonly label: string;
  /** What is done about bytes behind the last stream; `fail` unless said otherwise. */
  readonly trailingGarbage?: 'fail' | 'ignore';
  readonly signal?: AbortSignal;
}

/** What was found in one blob. */
export interface DecodedBlob {
  readonly compressedBytes: number;
  readonly decodedBytes: number;
  /** Bytes behind the last stream that were ignored: where they begin, and how many there are. */
  readonly trailing?: { readonly offset: number; readonly bytes: number };
}

/**
 * Decodes one bzip2 blob: all its streams, block and stream checksums checked. The pieces have at most 128 KiB; they belong to whoever
 * gets them. At the end gives what was found. However the bytes of `body` are cut, the result is the same.
 *
 * Fails with a class below `CorruptInput` where the bytes are not whole bzip2, whose cause is a {@link Bzip2Error} with stream, block and
 * offset; with `LimitExceeded/…` as soon as more comes out than allowed (pieces that pass a limit are not given); with the reason of
 * `signal` when that is aborted; and with whatever `body` fails with. When the caller stops early, `body` is closed.
 */
export async function* decodeBzip2(
  body: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<Uint8Array, DecodedBlob> {
  const { signal } = options;
  const decoder = decoderPool.acquire();
  let trailingOffset: number | undefined;
  let compressedBytes = 0;
  let decodedBytes = 0;
  try {
    for await (const bytes of body) {
      signal?.throwIfAborted();
      compressedBytes += bytes.length;
      // Once the bytes behind the last stream have begun, they are only counted.
      if (trailingOffset === undefined) trailingOffset = yield* decodePart(decoder.write(bytes));
      const turn = decodingTurns.after(bytes.length);
      if (turn !== undefined) await turn;
    }
    if (trailingOffset === undefined) trailingOffset = yield* decodePart(decoder.end());
  } finally {
    decoderPool.release(decoder);
  }
  const trailing =
    trailingOffset === undefined
      ? {}
      : { trailing: { offset: trailingOffset, bytes: compressedBytes - trailingOffset } };
  return { compressedBytes, decodedBytes, ...trailing };

  async function* decodePart(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, number | undefined> {
    try {
      for (const piece of pieces) {
        decodedBytes += piece.length;
        checkLimits(decodedBytes, decoder, options);
        yield piece;
        signal?.throwIfAborted();
        const turn = decodingTurns.after(piece.length);
        if (turn !== undefined) await turn;
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof Bzip2Error)) throw error;
      if (error.failureClass === 'CorruptInput/TrailingGarbage' && options.trailingGarbage === 'ignore')
        return error.offset;
      throw toFailure(error, options.label);
    }
  }
}

/** Compares with the compressed bytes used so far, not with those received, so that the verdict does not hang on how they arrive. */
function checkLimits(decodedBytes: number, decoder: Bzip2Decoder, { limits, label }: DecodeOptions): void {
  if (decodedBytes > limits.blobBytes) {
    throw new Failure(
      'LimitExceeded/BlobBytes',
      `${label} has more than ${String(limits.blobBytes)} uncompressed bytes`,
      { blob: label },
    );
  }
  if (decodedBytes > expansionFreeBytes && decodedBytes > decoder.usedBytes * limits.expansion) {
    throw new Failure('LimitExceeded/Expansion', `${label} expands more than ${String(limits.expansion)}-fold`, {
      blob: label,
    });
  }
}

function toFailure(error: Bzip2Error, label: string): Failure {
  return new Failure(error.failureClass, `${label} is not whole bzip2: ${error.message}`, {
    blob: label,
    cause: error,
  });
}
