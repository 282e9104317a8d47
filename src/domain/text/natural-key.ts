/**
 * Returns what to sort a name by so that its runs of digits count as numbers: the bytes of the keys of `p-2` and `p-10`
 * are in that order. Names that differ only in leading zeros have equal keys.
 */
export function naturalKey(name: string): string {
  return name.replace(/\d+/g, (run) => {
    const digits = run.replace(/^0+/, '');
    // A number with more digits is the larger one. The zero in front keeps the run in the place that digits have among
    // other characters.
    return `0${String.fromCodePoint(digits.length)}${digits}`;
  });
}
