/** The selected match: its first position, its length and distance in bytes, and what it is worth. */
export let matchStart: u32 = 0;
export let matchLength: u32 = 0;
export let matchDistance: u32 = 0;
export let matchScore: i32 = 0;

/** Selects a match. */
export function setMatch(start: u32, length: u32, distance: u32): void {
  matchStart = start;
  matchLength = length;
  matchDistance = distance;
  matchScore = scoreMatch(length, distance);
}

/** A match worth less is written as literals: about 6 bytes if it is nearby, 7 if it is far away. */
export const worthwhileScore: i32 = 10;

/** Returns what a match is worth, in units of about half a bit: 4 a byte, less the cost of its distance. */
export function scoreMatch(length: u32, distance: u32): i32 {
  return (4 * length - (31 - clz(distance))) as i32;
}
