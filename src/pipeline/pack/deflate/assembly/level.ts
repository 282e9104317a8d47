// How hard to look for matches. Measured on JSON logs against zlib's level 6; see bench/codec.

/** Candidates looked at for each position where a match may begin. */
export let firstProbes: u32 = 0;
/** Candidates looked at in each round of the search around a match's end. */
export let roundProbes: u32 = 0;
/** A match of this length is good enough: no further round. At most 128, see `improveMatch`. */
export let goodEnoughLength: u32 = 0;

/** Sets the level: 0 fast, 1 standard, 2 small. */
export function setLevel(level: u32): void {
  firstProbes = level == 2 ? 4 : 1;
  roundProbes = level == 2 ? 8 : level == 1 ? 2 : 1;
  goodEnoughLength = level == 2 ? 128 : 64;
}
