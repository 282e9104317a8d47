import { outputAt } from '../memory-layout';

/** Where the next whole byte goes, and the bits that do not fill a byte yet: fewer than 8, the lowest first. */
export let nextByteAt: usize = outputAt;
export let pendingBits: u64 = 0;
export let pendingCount: u32 = 0;

export function resetOutput(): void {
  resumeAt(outputAt, 0, 0);
}

/** Continues from here: `writeSequences` keeps these in locals while it writes. */
export function resumeAt(byteAt: usize, bits: u64, count: u32): void {
  nextByteAt = byteAt;
  pendingBits = bits;
  pendingCount = count;
}

/** Appends the lowest `count` bits of `value`, at most 32, whose other bits must be 0. */
export function writeBits(value: u32, count: u32): void {
  pendingBits |= (value as u64) << pendingCount;
  pendingCount += count;
  store<u64>(nextByteAt, pendingBits);
  nextByteAt += pendingCount >> 3;
  pendingBits >>= pendingCount & 56;
  pendingCount &= 7;
}

/** Fills a partial byte with zeros, if there is one. */
export function alignToByte(): void {
  if (pendingCount > 0) writeBits(0, 8 - pendingCount);
}

/** Appends bytes; only on a byte boundary. */
export function writeBytes(bytesAt: usize, length: u32): void {
  memory.copy(nextByteAt, bytesAt, length);
  nextByteAt += length;
}

/** Returns the number of bytes written so far, including a partial one. */
export function outputBytes(): u32 {
  return ((nextByteAt - outputAt) as u32) + (pendingCount > 0 ? 1 : 0);
}
