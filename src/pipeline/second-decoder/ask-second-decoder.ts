import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Failure, toFailure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { BlobSource } from '../source/blob-source.js';
import { decodeByUnbzip2, isOutOfSight, isRandomised } from './unbzip2-stream.js';
import { tryAgain } from '../../flow/try-again.js';

/** What an independent decoder says about a blob that ours calls damaged. */
export type SecondOpinion =
  | { readonly verdict: 'agrees'; readonly message: string }
  | { readonly verdict: 'disagrees'; readonly decodedBytes: number }
  | { readonly verdict: 'none'; readonly message: string };

/**
 * What unbzip2-stream makes of a blob. `none`: it is known not to decode such a blob, or is not asked about one that
 * large.
 */
export type SecondDecoding =
  | { readonly state: 'decoded'; readonly bytes: number; readonly crc32: number }
  /** `certain`: not just because a block is longer than what it looks ahead. */
  | { readonly state: 'refused'; readonly message: string; readonly certain: boolean }
  | { readonly state: 'none'; readonly message: string };

// unbzip2-stream holds whole blocks as arrays of numbers and decodes up to 46 MB a block, so it is only asked within
// these limits.
const askedUpToBytes = 32 * 1024 * 1024;
const opinionLimits = { blobBytes: 256 * 1024 * 1024, expansion: 2_000 };
// It takes a millisecond for each stream, even an empty one: a blob of nothing but empty streams would take an hour.
const opinionMs = 60_000;
const bytesBetweenTurns = 32 * 1024;

/**
 * Fetches a blob again and has unbzip2-stream decode it, before the blob is declared corrupt: a fault of our decoder
 * must not be blamed on the data. Rejects with a failure of the source if the blob cannot be read.
 */
export async function secondOpinion(source: BlobSource, blob: SourceBlob, signal: AbortSignal): Promise<SecondOpinion> {
  const theirs = await askSecondDecoder(blob, () => source.open(blob, signal), signal);
  switch (theirs.state) {
    case 'decoded':
      return { verdict: 'disagrees', decodedBytes: theirs.bytes };
    case 'refused':
      return { verdict: 'agrees', message: theirs.message };
    case 'none':
      return { verdict: 'none', message: theirs.message };
  }
}

/**
 * Opens a blob and decodes it with unbzip2-stream, within its limits; opens it again after a failure that may pass.
 * Rejects with a failure of the source if the blob cannot be read.
 */
export async function askSecondDecoder(
  blob: SourceBlob,
  open: () => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<SecondDecoding> {
  if (blob.bytes > askedUpToBytes) return { state: 'none', message: 'the blob is too large for unbzip2-stream' };
  return await tryAgain(() => decodeAnew(blob, open, signal), signal);
}

async function decodeAnew(
  blob: SourceBlob,
  open: () => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<SecondDecoding> {
  let bytes = 0;
  let sum = 0;
  try {
    for await (const piece of decodeByUnbzip2(inTurns(open()), opinionLimits, blobLabel(blob))) {
      bytes += piece.length;
      sum = crc32(piece, sum);
    }
    return { state: 'decoded', bytes, crc32: sum };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutOfTime) return { state: 'none', message: error.message };
    const failure = toFailure(error);
    const { failureClass, message } = failure;
    if (failureClass.startsWith('LimitExceeded') || isRandomised(failure)) return { state: 'none', message };
    if (failureClass.startsWith('CorruptInput')) return { state: 'refused', message, certain: !isOutOfSight(failure) };
    throw error;
  }
}

/** Passes bytes on in small portions, with a turn of the event loop before each, for as long as there is time. */
async function* inTurns(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const deadline = performance.now() + opinionMs;
  for await (const piece of body) {
    for (let start = 0; start < piece.length; start += bytesBetweenTurns) {
      await nextTurn();
      if (performance.now() > deadline) throw new OutOfTime('unbzip2-stream takes too long for the blob');
      yield piece.subarray(start, start + bytesBetweenTurns);
    }
  }
}

class OutOfTime extends Error {}

/** Turns damage about which the two decoders disagree into a failure of its own class. */
export function disagreement(failure: Failure, opinion: Extract<SecondOpinion, { verdict: 'disagrees' }>): Failure {
  const message = `${failure.message}; but unbzip2-stream decodes it to ${String(opinion.decodedBytes)} bytes`;
  return new Failure('DecoderDisagreement', message, failure.context);
}
