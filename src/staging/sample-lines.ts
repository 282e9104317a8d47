import { createHash } from 'node:crypto';

/** How many of the lines to take, and the seed that decides which. */
export interface Sample {
  readonly take: number;
  readonly of: number;
  readonly seed: number;
}

/**
 * Yields exactly `take` of `of` lines in their order, each set of them equally likely. The same seed takes the same
 * lines on every machine.
 */
export async function* sampleLines(lines: AsyncIterable<string>, { take, of, seed }: Sample): AsyncGenerator<string> {
  let wanted = take;
  let number = 0;
  for await (const line of lines) {
    if (wanted === 0) return;
    // Knuth's algorithm S: it needs the number of lines, and no memory.
    if (fraction(seed, number) * (of - number) < wanted) {
      wanted -= 1;
      yield line;
    }
    number += 1;
  }
}

/** Returns a number from 0 (included) to 1 (excluded). */
function fraction(seed: number, line: number): number {
  const hash = createHash('sha256')
    .update(`${String(seed)} ${String(line)}`)
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
