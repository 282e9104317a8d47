import { Failure, toFailure } from '../domain/failure.js';
import { blobLabel, type SourceBlob } from '../domain/manifest.js';
import type { BlobSource } from './blob-source.js';
import { decompressBzip2 } from './decompress.js';
import { tryAgain } from './try-again.js';

/** What an independent decoder says of a blob that ours calls damaged. */
export type SecondOpinion =
  | { readonly verdict: 'agrees'; readonly message: string }
  | { readonly verdict: 'disagrees'; readonly decodedBytes: number }
  | { readonly verdict: 'none'; readonly message: string };

// unbzip2-stream holds whole blocks as arrays of numbers and decodes up to 46 MB a block: it is only asked within these limits.
const askedUpToBytes = 32 * 1024 * 1024;
const opinionLimits = { blobBytes: 256 * 1024 * 1024, expansion: 2_000 };

/**
 * Fetches a blob again and gives it to unbzip2-stream, before the blob is declared corrupt: a fault of our decoder must not pass for one
 * of the data. Rejects with a failure of the source where the blob cannot be read.
 */
export async function secondOpinion(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<SecondOpinion> {
  if (blob.bytes > askedUpToBytes) return { verdict: 'none', message: 'the blob is too large for unbzip2-stream' };
  return await tryAgain(() => decodeAnew(source, blob, signal), signal);
}

async function decodeAnew(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<SecondOpinion> {
  let decodedBytes = 0;
  try {
    for await (const piece of decompressBzip2(source.open(blob, signal), opinionLimits, blobLabel(blob)))
      decodedBytes += piece.length;
    return { verdict: 'disagrees', decodedBytes };
  } catch (error) {
    signal.throwIfAborted();
    const { failureClass, message } = toFailure(error);
    if (failureClass.startsWith('CorruptInput')) return { verdict: 'agrees', message };
    if (failureClass.startsWith('LimitExceeded')) return { verdict: 'none', message };
    throw error;
  }
}

/** Turns damage on which the two decoders do not agree into the loud failure that it is. */
export function disagreement(failure: Failure, opinion: Extract<SecondOpinion, { verdict: 'disagrees' }>): Failure {
  const message = `${failure.message}; but unbzip2-stream decodes it to ${String(opinion.decodedBytes)} bytes`;
  return new Failure('DecoderDisagreement', message, failure.context);
}
