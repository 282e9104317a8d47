import { alignToByte, writeBits, writeBytes } from './bit-writer';
import { storedBlock, storedBytesMax } from '../deflate-format';

/** Returns the most bytes that `writeStored` takes: 5 more for each 65,535 or part of them. */
export function storedBytes(length: u32): u32 {
  return length + 5 * max(1, (length + storedBytesMax - 1) / storedBytesMax);
}

/** Writes bytes unchanged, in as many blocks as needed, and in one block if there are none. */
export function writeStored(bytesAt: usize, length: u32, final: bool): void {
  let rest = length;
  do {
    const stored = min(rest, storedBytesMax);
    rest -= stored;
    writeBits(final && rest == 0 ? 1 : 0, 1);
    writeBits(storedBlock, 2);
    alignToByte();
    writeBits(stored, 16);
    writeBits(stored ^ 0xffff, 16);
    writeBytes(bytesAt, stored);
    bytesAt += stored;
  } while (rest > 0);
}
