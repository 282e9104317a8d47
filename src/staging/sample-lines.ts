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
export async function* sampleLines(lines: AsyncIterable<string>, sample: Sample): AsyncGenerator<string> {
  let taken = 0;
  for await (const { line, isTaken } of markSample(lines, sample)) {
    if (isTaken) {
      taken += 1;
      yield line;
    }
    if (taken === sample.take) return;
  }
}

/** Yields all lines, and says which of them {@link sampleLines} takes. */
export async function* markSample(
  lines: AsyncIterable<string>,
  { take, of, seed }: Sample,
): AsyncGenerator<{ readonly line: string; readonly isTaken: boolean }> {
  let wanted = take;
  let number = 0;
  for await (const line of lines) {
    // Knuth's algorithm S: it needs the number of lines, and no memory.
    const isTaken = wanted > 0 && fraction(seed, number) * (of - number) < wanted;
    if (isTaken) wanted -= 1;
    yield { line, isTaken };
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
