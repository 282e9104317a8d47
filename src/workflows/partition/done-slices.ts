/** Packs a set of slice numbers (0 to `of` - 1) into hex digits of four slices each, to fit into a workflow input. */
export function packDone(done: ReadonlySet<number>, of: number): string {
  let text = '';
  for (let first = 0; first < of; first += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) if (done.has(first + bit)) digit += 1 << bit;
    text += digit.toString(16);
  }
  return text;
}

/** Reverses {@link packDone}. */
export function unpackDone(text: string): Set<number> {
  const done = new Set<number>();
  for (let position = 0; position < text.length; position += 1) {
    const digit = Number.parseInt(text.charAt(position), 16);
    for (let bit = 0; bit < 4; bit += 1) if ((digit & (1 << bit)) !== 0) done.add(position * 4 + bit);
  }
  return done;
}
