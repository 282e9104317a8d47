/**
 * Reads the input bit by bit, and can stop at any bit when the bytes so far are used up.
 *
 * `window` holds the next bits, the first one in the highest place; `held` says how many of them count. The symbol loop
 * takes both into local variables while it runs: see {@link bitWindow} and {@link resumeBits}.
 */
import { input, inputBytes, inputMarginBytes } from './memory-layout';

let window: u64 = 0;
let held: i32 = 0;
let next: usize = input;
let end: usize = input;
// Bytes of the input that came before the address `input`.
let passed: u64 = 0;

export function resetInput(): void {
  window = 0;
  held = 0;
  next = input;
  end = input;
  passed = 0;
}

/** Moves unused bytes to the front, and returns the address where further ones go. */
export function makeRoom(): usize {
  releaseBits();
  const rest = end - next;
  if (next != input) memory.copy(input, next, rest);
  passed += next - input;
  next = input;
  end = input + rest;
  return end;
}

export function roomBytes(): u32 {
  return inputBytes - <u32>(end - input);
}

export function acceptBytes(count: u32): void {
  end += count;
}

/**
 * Lets the last symbols be read as if zeros followed; a caller that reads that far must ask {@link availableBits} after
 * it.
 */
export function padInput(): void {
  releaseBits();
  memory.fill(end, 0, inputMarginBytes);
}

/** Returns how many unused bits of the input there are; below zero if padding was used. */
export function availableBits(): i32 {
  return held + 8 * <i32>(end - next);
}

/** Returns the position of the first unused bit, rounded down to a byte of the whole input. */
export function positionBytes(): u64 {
  return passed + <u64>((<i64>(next - input) * 8 - held) >> 3);
}

/** Returns how many bytes of the whole input there have been so far. */
export function givenBytes(): u64 {
  return passed + (end - input);
}

/**
 * Makes at least `count` (up to 56) bits ready to be taken. Returns false if they have not come yet, and puts back what
 * was looked at.
 */
export function ready(count: i32): bool {
  if (availableBits() < count) {
    releaseBits();
    return false;
  }
  if (held < count) {
    window |= loadBigEndian(next) >> (<u64>held);
    next += <usize>((63 - held) >> 3);
    held |= 56;
  }
  return true;
}

/** Returns the next `count` bits (1 to 32) without taking them. They must be ready. */
export function peek(count: u32): u32 {
  return <u32>(window >> (64 - <u64>count));
}

/** Takes the next `count` bits (1 to 32). They must be ready. */
export function take(count: u32): u32 {
  const bits = peek(count);
  window <<= <u64>count;
  held -= <i32>count;
  return bits;
}

/** Skips to the next whole byte. */
export function skipToByte(): void {
  const rest = held & 7;
  window <<= <u64>rest;
  held -= rest;
}

/** Puts whole bytes that were looked at back into the input, and forgets bits beyond its end. */
export function releaseBits(): void {
  next -= <usize>(held >> 3);
  held &= 7;
  window = held == 0 ? 0 : window & (~(<u64>0) << (64 - <u64>held));
}

export function bitWindow(): u64 {
  return window;
}

export function bitsHeld(): i32 {
  return held;
}

export function nextByte(): usize {
  return next;
}

export function inputEnd(): usize {
  return end;
}

export function resumeBits(newWindow: u64, newHeld: i32, newNext: usize): void {
  window = newWindow;
  held = newHeld;
  next = newNext;
}

/** Reads 8 bytes as one number, the first byte in the highest place. */
export function loadBigEndian(address: usize): u64 {
  const bytes = v128.load64_zero(address);
  return i64x2.extract_lane(i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}
