// 8 bytes at a time; the first difference is where the lowest (forwards) or highest (backwards) bit of the XOR is set.

/** Returns how many bytes starting at `earlier` equal those starting at `later`; none at or after `laterEnd` counts. */
export function equalForwards(earlier: usize, later: usize, laterEnd: usize): u32 {
  const begin = later;
  while (later + 8 <= laterEnd) {
    const difference = load<u64>(earlier) ^ load<u64>(later);
    if (difference != 0) return ((later - begin) as u32) + ((ctz(difference) >> 3) as u32);
    earlier += 8;
    later += 8;
  }
  while (later < laterEnd && load<u8>(earlier) == load<u8>(later)) {
    earlier++;
    later++;
  }
  return (later - begin) as u32;
}

/** Returns how many bytes before `earlier` equal those before `later`, at most `bytesMax`. */
export function equalBackwards(earlier: usize, later: usize, bytesMax: u32): u32 {
  let equal: u32 = 0;
  while (equal + 8 <= bytesMax) {
    const difference = load<u64>(earlier - equal - 8) ^ load<u64>(later - equal - 8);
    if (difference != 0) return equal + ((clz(difference) >> 3) as u32);
    equal += 8;
  }
  while (equal < bytesMax && load<u8>(earlier - equal - 1) == load<u8>(later - equal - 1)) equal++;
  return equal;
}
