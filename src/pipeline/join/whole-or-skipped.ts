import { toFailure, type Failure } from '../../domain/failure.js';
import type { ByteBudget } from '../../flow/byte-budget.js';
import type { BlobVerdict } from '../decode/decode-blob.js';
import { HeldBytes } from './held-bytes.js';

/** How to read a blob that may turn out to be bad. */
export interface DoubtfulBlob {
  /** Decodes the blob from its beginning, each time it is called. */
  readonly decode: () => AsyncGenerator<Uint8Array, BlobVerdict>;
  /** Lets a second decoder judge damage, and returns the failure with its verdict. */
  readonly confirm: (failure: Failure) => Promise<Failure>;
  readonly ahead: ByteBudget;
  /** Called when bytes are decoded that are not passed on yet, so that this does not look like a stall. */
  readonly moved: () => void;
}

/**
 * Yields the decoded bytes of a blob once it is known to be whole, and returns the verdict; for a damaged blob it
 * yields nothing and returns the failure. So no byte of a bad blob is ever passed on, and nothing has to be taken back.
 *
 * Decoded bytes are held meanwhile. A blob with more than may be held is first decoded to its end, only to check it,
 * and then read again. Damage is confirmed as always: by reading once more, then by a second opinion. Other failures
 * are thrown, `DecoderDisagreement` too.
 */
export async function* wholeOrSkipped(blob: DoubtfulBlob): AsyncGenerator<Uint8Array, BlobVerdict | Failure> {
  const held = new HeldBytes(blob.ahead);
  try {
    for (let reads = 1; ; reads += 1) {
      const result = await readWhole(blob, held);
      if (result.state === 'too-large') return yield* blob.decode();
      if (result.state === 'whole') {
        yield* held.pieces;
        return result.verdict;
      }
      held.release();
      if (reads < readsMax) continue;
      const confirmed = await blob.confirm(result.failure);
      if (!isDamage(confirmed)) throw confirmed;
      return confirmed;
    }
  } finally {
    held.release();
  }
}

const readsMax = 2;

/** Decodes a blob to its end and holds its bytes, or none of them if they are too many. */
async function readWhole(
  { decode, moved }: DoubtfulBlob,
  held: HeldBytes,
): Promise<
  | { readonly state: 'whole'; readonly verdict: BlobVerdict }
  | { readonly state: 'too-large' }
  | { readonly state: 'damaged'; readonly failure: Failure }
> {
  const pieces = decode();
  let isHeld = true;
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return isHeld ? { state: 'whole', verdict: next.value } : { state: 'too-large' };
      moved();
      if (!isHeld || held.tryAdd(next.value)) continue;
      isHeld = false;
      held.release();
    }
  } catch (error) {
    const failure = toFailure(error);
    if (!isDamage(failure)) throw error;
    return { state: 'damaged', failure };
  }
}

/** Reports whether a blob's content is at fault, and not a limit, the source or a decoder that disagrees. */
function isDamage({ failureClass }: Failure): boolean {
  return failureClass.split('/')[0] === 'CorruptInput';
}
