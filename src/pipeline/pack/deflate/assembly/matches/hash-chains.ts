import { windowBytes } from '../deflate-format';
import { hashBits, headsAt, inputAt, linksAt } from '../memory-layout';
import { at16, put16 } from '../tables';
import { addWork } from '../work';

// Positions whose next 6 bytes have the same hash form a chain, the newest first. 6 and not 3 or 4: shorter matches are
// worth little in logs, and with 6 the first candidates are nearly always good ones. Positions are kept modulo 65,536,
// and chains are never cut: code that follows one checks each distance and compares the bytes.

/** Bytes that a hash reads: a position is entered only if this many follow it. */
export const hashReadBytes: u32 = 8;

let nextToEnter: u32 = 0;

/**
 * Forgets all positions, so that a segment's bytes do not depend on what was encoded before. The links may stay: only
 * those of positions entered since then, and of position 0, which is entered first, are followed.
 */
export function clearChains(): void {
  memory.fill(headsAt, 0, 2 << hashBits);
  nextToEnter = 0;
}

/** Enters a position without those before it that are not in yet, and returns the newest candidate. */
export function enterHere(position: u32): u32 {
  nextToEnter = position + 1;
  return enter(position);
}

/** Enters all positions up to and including this one, and returns its newest candidate. */
export function enterThrough(position: u32): u32 {
  enterBefore(position);
  if (nextToEnter > position) return olderCandidate(position);
  nextToEnter = position + 1;
  return enter(position);
}

/** Enters all positions before this one. */
export function enterBefore(position: u32): void {
  let entered = nextToEnter;
  if (entered >= position) return;
  addWork(position - entered);
  for (; entered < position; entered++) enter(entered);
  nextToEnter = entered;
}

/** Returns the next candidate in the chain of a position. */
export function olderCandidate(position: u32): u32 {
  return at16(linksAt, position & (windowBytes - 1));
}

/** Returns how far back a candidate is, modulo 65,536. */
export function distanceTo(candidate: u32, position: u32): u32 {
  return (position - candidate) & 0xffff;
}

/**
 * Reports whether the chain has no candidate at this distance: it is outside the window, before the segment, or no
 * further back than the candidate before. The last happens if a link was never set, or was overwritten by a position
 * one window later.
 */
export function chainEnds(distance: u32, distanceBefore: u32, position: u32): bool {
  return distance <= distanceBefore || distance > windowBytes || distance > position;
}

function enter(position: u32): u32 {
  const slot = hashAt(position);
  const candidate = at16(headsAt, slot);
  put16(linksAt, position & (windowBytes - 1), candidate);
  put16(headsAt, slot, position);
  return candidate;
}

function hashAt(position: u32): u32 {
  const sixBytes = load<u64>(inputAt + position) << 16;
  return ((sixBytes * 0x9e3779b185ebca87) >> (64 - hashBits)) as u32;
}
