/**
 * Remembers for each container whether listing prefixes together has paid. Where it has not, it is tried again after
 * twice as many chances each time, so that failed tries become rare.
 */
export class ListingHabits {
  readonly #containers = new Map<string, { failures: number; skip: number }>();

  /** Reports whether to try now; each call is a chance. */
  mayTry(container: string): boolean {
    const habit = this.#containers.get(container);
    if (habit === undefined || habit.skip === 0) return true;
    habit.skip -= 1;
    return false;
  }

  note(container: string, paid: boolean): void {
    const failures = paid ? 0 : (this.#containers.get(container)?.failures ?? 0) + 1;
    if (this.#containers.size >= containersMax) this.#containers.clear();
    if (paid) this.#containers.delete(container);
    else this.#containers.set(container, { failures, skip: 2 ** Math.min(failures, doublingsMax) - 1 });
  }
}

// A migration with more containers forgets some, which wastes a request for each.
const containersMax = 10_000;
// One try in 64 slices is enough to notice that the names have changed.
const doublingsMax = 6;
