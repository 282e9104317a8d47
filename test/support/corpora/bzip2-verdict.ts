import { createHash } from 'node:crypto';
import { Bzip2Decoder } from '../../../src/pipeline/decode/bzip2/bzip2-decoder.js';
import { Bzip2Error } from '../../../src/pipeline/decode/bzip2/bzip2-error.js';

/**
 * What the decoder says about an input: the digest of everything it produced before the end or the error, and the
 * error.
 */
export interface Verdict {
  readonly says: 'whole' | 'trailing' | 'refused';
  readonly sha256: string;
  readonly error?: Pick<Bzip2Error, 'failureClass' | 'message' | 'stream' | 'block' | 'offset'>;
}

const decoder = new Bzip2Decoder();

/** Feeds an input to the decoder piece by piece. */
export function verdictOn(pieces: Iterable<Uint8Array>): Verdict {
  decoder.reset();
  const digest = createHash('sha256');
  try {
    for (const piece of pieces) for (const decoded of decoder.write(piece)) digest.update(decoded);
    for (const decoded of decoder.end()) digest.update(decoded);
    return { says: 'whole', sha256: digest.digest('hex') };
  } catch (error) {
    if (!(error instanceof Bzip2Error)) throw error;
    const { failureClass, message, stream, block, offset } = error;
    return {
      says: failureClass === 'CorruptInput/TrailingGarbage' ? 'trailing' : 'refused',
      sha256: digest.digest('hex'),
      error: { failureClass, message, stream, block, offset },
    };
  }
}

/** Decodes an input that must be whole. Throws {@link Bzip2Error}. */
export function decodeAll(input: Uint8Array): Buffer {
  decoder.reset();
  return Buffer.concat([...decoder.write(input), ...decoder.end()]);
}

/** Cuts an input into pieces of equal size. */
export function inPiecesOf(input: Uint8Array, pieceBytes: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(input.length / pieceBytes) }, (_, index) =>
    input.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
}
