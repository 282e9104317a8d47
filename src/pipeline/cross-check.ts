import { crc32 } from 'node:zlib';
import { Failure } from '../domain/failure.js';
import { blobLabel, type SourceBlob } from '../domain/manifest.js';
import type { BlobSource } from './blob-source.js';
import type { BlobVerdict } from './decode-blob.js';
import { askSecondDecoder } from './second-opinion.js';

/** Which blobs are checked, and how they are read again. */
export interface CrossCheck {
  /** From 0 to 1. */
  readonly share: number;
  readonly source: BlobSource;
  readonly signal: AbortSignal;
}

/**
 * Gives the decoded bytes of a blob on. Where the blob belongs to the share and was whole bzip2, it is then read again, decoded by
 * unbzip2-stream and compared by length and CRC-32; a difference is `DecoderDisagreement`. What unbzip2-stream cannot decode, and what
 * exceeds its limits, is passed over: no opinion.
 */
export async function* crossChecked<Outcome extends BlobVerdict | Failure>(
  pieces: AsyncGenerator<Uint8Array, Outcome>,
  blob: SourceBlob,
  check: CrossCheck,
): AsyncGenerator<Uint8Array, Outcome> {
  if (!isChosen(blob, check.share)) return yield* pieces;
  const ours = { bytes: 0, crc32: 0 };
  let next = await pieces.next();
  for (; next.done !== true; next = await pieces.next()) {
    ours.bytes += next.value.length;
    ours.crc32 = crc32(next.value, ours.crc32);
    yield next.value;
  }
  const outcome = next.value;
  // Bytes behind the last stream, which were ignored, unbzip2-stream would refuse.
  if (!(outcome instanceof Failure) && outcome.format === 'bzip2' && outcome.trailing === undefined)
    await compare(ours, blob, check);
  return outcome;
}

/** Chooses by the blob itself, so that every attempt chooses alike. */
export function isChosen({ account, container, name, etag }: SourceBlob, share: number): boolean {
  return crc32(JSON.stringify([account, container, name, etag])) / 2 ** 32 < share;
}

interface Decoded {
  readonly bytes: number;
  readonly crc32: number;
}

async function compare(ours: Decoded, blob: SourceBlob, { source, signal }: CrossCheck): Promise<void> {
  // Twice before it is said, so that the way is not taken for a decoder.
  for (let reads = 1; ; reads += 1) {
    const theirs = await askSecondDecoder(source, blob, signal);
    if (theirs.state === 'none' || (theirs.state === 'refused' && !theirs.certain)) return;
    if (theirs.state === 'decoded' && theirs.bytes === ours.bytes && theirs.crc32 === ours.crc32) return;
    if (reads < readsMax) continue;
    const label = blobLabel(blob);
    const said = theirs.state === 'decoded' ? shown(theirs) : `refuses it: ${theirs.message}`;
    throw new Failure('DecoderDisagreement', `${label} decodes to ${shown(ours)}; but unbzip2-stream ${said}`, {
      blob: label,
    });
  }
}

const readsMax = 2;

function shown({ bytes, crc32: sum }: Decoded): string {
  return `${String(bytes)} bytes with the CRC-32 ${sum.toString(16).padStart(8, '0')}`;
}
