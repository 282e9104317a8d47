/** A text, and how often it occurred. */
export interface TextCount {
  readonly text: string;
  readonly count: number;
}

// With more variants, there is not a handful of kinds, and a list is no help.
const heldMax = 1_000;

/** Counts how often texts occur. Those that come after a thousand others are counted together. */
export class TextCounts {
  readonly #counts = new Map<string, number>();
  #others = 0;

  add(text: string): void {
    const count = this.#counts.get(text);
    if (count === undefined && this.#counts.size >= heldMax) this.#others += 1;
    else this.#counts.set(text, (count ?? 0) + 1);
  }

  /** Returns the most frequent texts, and how often others occurred. */
  most(max: number): { readonly texts: readonly TextCount[]; readonly others: number } {
    const sorted = [...this.#counts]
      .map(([text, count]) => ({ text, count }))
      .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
    const rest = sorted.slice(max).reduce((sum, { count }) => sum + count, 0);
    return { texts: sorted.slice(0, max), others: rest + this.#others };
  }
}
