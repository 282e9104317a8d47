import { crc32 } from 'node:zlib';
import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { BlobVerdict } from '../decode/decode-blob.js';
import { askSecondDecoder } from './ask-second-decoder.js';

/** How to open a decoded blob for the second decoder. */
export interface CrossCheck {
  readonly blob: SourceBlob;
  /** Returns the bytes that were decoded, once more. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * Passes on the decoded bytes of a blob. If it was whole bzip2, unbzip2-stream then decodes it too, and length and
 * CRC-32 are compared; a difference is `DecoderDisagreement`. What unbzip2-stream cannot decode, or what exceeds its
 * limits, is not compared.
 */
export async function* crossChecked<Outcome extends BlobVerdict | Failure>(
  pieces: AsyncGenerator<Uint8Array, Outcome>,
  check: CrossCheck,
): AsyncGenerator<Uint8Array, Outcome> {
  const ours = { bytes: 0, crc32: 0 };
  let next = await pieces.next();
  for (; next.done !== true; next = await pieces.next()) {
    ours.bytes += next.value.length;
    ours.crc32 = crc32(next.value, ours.crc32);
    yield next.value;
  }
  const outcome = next.value;
  // unbzip2-stream would refuse ignored bytes after the last stream.
  if (!(outcome instanceof Failure) && outcome.format === 'bzip2' && outcome.trailing === undefined)
    await compare(ours, check);
  return outcome;
}

/**
 * Reports whether a blob belongs to a share from 0 to 1. This depends on the blob alone, so that every attempt chooses
 * the same ones.
 */
export function isChosen({ account, container, name, etag }: SourceBlob, share: number): boolean {
  return crc32(JSON.stringify([account, container, name, etag])) / 2 ** 32 < share;
}

interface Decoded {
  readonly bytes: number;
  readonly crc32: number;
}

async function compare(ours: Decoded, { blob, open, signal }: CrossCheck): Promise<void> {
  // Twice before it is reported: a large blob is read again, so that a network fault is not blamed on a decoder.
  for (let tries = 1; ; tries += 1) {
    const theirs = await askSecondDecoder(blob, open, signal);
    if (theirs.state === 'none' || (theirs.state === 'refused' && !theirs.certain)) return;
    if (theirs.state === 'decoded' && theirs.bytes === ours.bytes && theirs.crc32 === ours.crc32) return;
    if (tries < triesMax) continue;
    const label = blobLabel(blob);
    const said = theirs.state === 'decoded' ? `gives ${shown(theirs)}` : `refuses it: ${theirs.message}`;
    throw new Failure('DecoderDisagreement', `${label} decodes to ${shown(ours)}; but unbzip2-stream ${said}`, {
      blob: label,
    });
  }
}

const triesMax = 2;

function shown({ bytes, crc32: sum }: Decoded): string {
  return `${String(bytes)} bytes with the CRC-32 ${sum.toString(16).padStart(8, '0')}`;
}
