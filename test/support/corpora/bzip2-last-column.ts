/**
 * Sorts all rotations of a block. Returns the byte before each, and the row of the block itself. Sorts by prefixes of
 * 1, 2, 4, … bytes.
 */
export function lastColumn(block: Uint8Array): { readonly column: Uint8Array; readonly origin: number } {
  const length = block.length;
  // Nothing to sort, and the worst case for this method.
  if (block.every((byte) => byte === block[0])) return { column: block, origin: 0 };
  const order = Uint32Array.from(block, (_, index) => index);
  let rank = Uint32Array.from(block);
  for (let prefix = 1; ; prefix *= 2) {
    const current = rank;
    const keyOf = (index: number): number =>
      current[index]! * 2 ** 21 + (prefix === 1 ? 0 : current[(index + prefix / 2) % length]!);
    const keys = Float64Array.from(block, (_, index) => keyOf(index));
    order.sort((a, b) => keys[a]! - keys[b]!);
    const next = new Uint32Array(length);
    let rows = 0;
    for (let row = 1; row < length; row += 1) {
      if (keys[order[row]!] !== keys[order[row - 1]!]) rows += 1;
      next[order[row]!] = rows;
    }
    rank = next;
    if (rows === length - 1 || prefix > length * 2) break;
  }
  return {
    column: Uint8Array.from(order, (index) => block[(index + length - 1) % length]!),
    origin: order.indexOf(0),
  };
}
