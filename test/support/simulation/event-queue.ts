/** Runs events in the order of their times, without waiting; those of one moment in the order in which they came. */
export class EventQueue {
  /** The next event comes last. */
  readonly #events: { readonly atMs: number; readonly run: (nowMs: number) => void }[] = [];

  at(atMs: number, run: (nowMs: number) => void): void {
    const place = this.#events.findLastIndex((event) => event.atMs > atMs);
    this.#events.splice(place + 1, 0, { atMs, run });
  }

  runUntil(endMs: number): void {
    for (let next = this.#events.pop(); next !== undefined && next.atMs <= endMs; next = this.#events.pop())
      next.run(next.atMs);
  }
}
