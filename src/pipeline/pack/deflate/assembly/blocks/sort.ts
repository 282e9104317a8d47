import { at32, put32 } from '../tables';

/**
 * Sorts u32 values in place by insertion over shrinking gaps: no memory, no recursion, and quick for the at most 286 of
 * a code.
 */
export function sortAscending(valuesAt: usize, length: u32): void {
  for (let gap: u32 = 132; gap > 0; gap = smallerGap(gap)) {
    for (let index = gap; index < length; index++) {
      const value = at32(valuesAt, index);
      let hole = index;
      while (hole >= gap && at32(valuesAt, hole - gap) > value) {
        put32(valuesAt, hole, at32(valuesAt, hole - gap));
        hole -= gap;
      }
      put32(valuesAt, hole, value);
    }
  }
}

/** Ciura's gaps, the best known for lists of this size. */
function smallerGap(gap: u32): u32 {
  if (gap == 132) return 57;
  if (gap == 57) return 23;
  if (gap == 23) return 10;
  if (gap == 10) return 4;
  return gap == 4 ? 1 : 0;
}
