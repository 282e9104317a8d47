/**
 * Sorts all rotations of a block. Returns the byte before each, and the row of the block itself. Sorts by prefixes of
 * 1, 2, 4, … bytes: what is sorted by so many bytes is sorted by twice as many when the second halves come first.
 */
export function lastColumn(block: Uint8Array): { readonly column: Uint8Array; readonly origin: number } {
  const length = block.length;
  // Nothing to sort, and the worst case for this method.
  if (block.every((byte) => byte === block[0])) return { column: block, origin: 0 };
  const inOrder = new Uint32Array(length).map((_, index) => index);
  let order = sortBy(block, 256, inOrder);
  let { ranks, rows } = rank(order, (index) => block[index]!);
  for (let prefix = 1; rows < length && prefix < length; prefix *= 2) {
    const before = ranks;
    order = sortBy(
      ranks,
      rows,
      order.map((index) => (index + length - prefix) % length),
    );
    ({ ranks, rows } = rank(order, (index) => before[index]! * 2 ** 21 + before[(index + prefix) % length]!));
  }
  // Equal rotations in the order of the block.
  order = sortBy(ranks, rows, inOrder);
  return {
    column: Uint8Array.from(order.map((index) => block[(index + length - 1) % length]!)),
    origin: order.indexOf(0),
  };
}

/** Sorts indexes by their keys, which are less than `keyCount`. Equal ones keep their order. */
function sortBy(keys: Uint8Array | Uint32Array, keyCount: number, indexes: Uint32Array): Uint32Array {
  const ends = new Uint32Array(keyCount);
  for (const key of keys) ends[key]! += 1;
  for (let key = 1; key < keyCount; key += 1) ends[key]! += ends[key - 1]!;
  const sorted = new Uint32Array(indexes.length);
  for (let at = indexes.length - 1; at >= 0; at -= 1) {
    const index = indexes[at]!;
    sorted[(ends[keys[index]!]! -= 1)] = index;
  }
  return sorted;
}

/** Numbers what is sorted: equal keys have equal ranks. Returns the rank of each index, and how many there are. */
function rank(order: Uint32Array, keyOf: (index: number) => number): { readonly ranks: Uint32Array; rows: number } {
  const ranks = new Uint32Array(order.length);
  let rows = 0;
  let last: number | undefined;
  for (const index of order) {
    const key = keyOf(index);
    if (key !== last) rows += 1;
    last = key;
    ranks[index] = rows - 1;
  }
  return { ranks, rows };
}
