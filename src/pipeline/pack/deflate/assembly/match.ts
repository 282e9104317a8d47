/** The match in hand: its first position, its length and its distance in bytes, and what it is worth. */
export let matchStart: u32 = 0;
export let matchLength: u32 = 0;
export let matchDistance: u32 = 0;
export let matchScore: i32 = 0;

/** Takes a match in hand. */
export function setMatch(start: u32, length: u32, distance: u32): void {
  matchStart = start;
  matchLength = length;
  matchDistance = distance;
  matchScore = scoreMatch(length, distance);
}

/** Worth of a match below which its bytes are written as literals: about 6 bytes nearby, 7 far away. */
export const worthwhileScore: i32 = 10;

/** Gives what a match is worth, in about half bits: 4 a byte, less what its distance takes to write. */
export function scoreMatch(length: u32, distance: u32): i32 {
  return (4 * length - (31 - clz(distance))) as i32;
}
