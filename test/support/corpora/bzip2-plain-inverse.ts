/**
 * Undoes the transform of a block one row after another, then its run-length encoding: what the decoder must return,
 * computed as the format says.
 */
export function invertPlainly(column: Uint8Array, origin: number): Uint8Array {
  const rows = Uint32Array.from(column, (_, row) => row);
  // A stable sort: equal values keep their order.
  rows.sort((a, b) => column[a]! - column[b]! || a - b);
  let row = origin;
  return expandRuns(
    Uint8Array.from(column, () => {
      row = rows[row]!;
      return column[row]!;
    }),
  );
}

function expandRuns(stored: Uint8Array): Uint8Array {
  const expanded: number[] = [];
  let equal = 0;
  for (const [index, byte] of stored.entries()) {
    if (equal === 4) {
      for (let count = 0; count < byte; count += 1) expanded.push(stored[index - 1]!);
      equal = 0;
    } else {
      equal = equal > 0 && byte === stored[index - 1] ? equal + 1 : 1;
      expanded.push(byte);
    }
  }
  return Uint8Array.from(expanded);
}
