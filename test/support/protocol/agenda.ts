import { upTo, type RandomNumbers } from '../random-numbers.js';

/** What happens when, in simulated milliseconds. */
export class Agenda {
  readonly #entries: { readonly atMs: number; readonly order: number; readonly act: () => void }[] = [];
  #order = 0;
  nowMs = Date.parse('2026-01-01T00:00:00Z');

  constructor(readonly random: RandomNumbers) {}

  /** Lets something happen after `delayMs`, or up to `jitterMs` later. */
  after(delayMs: number, jitterMs: number, act: () => void): void {
    const atMs = this.nowMs + delayMs + upTo(this.random, jitterMs + 1);
    const order = (this.#order += 1);
    const entry = { atMs, order, act };
    let at = this.#entries.length;
    for (let before = this.#entries[at - 1]; before !== undefined && before.atMs < atMs; before = this.#entries[at - 1])
      at -= 1;
    this.#entries.splice(at, 0, entry);
  }

  /** Lets the next thing happen; false where nothing is left. */
  step(): boolean {
    const next = this.#entries.pop();
    if (next === undefined) return false;
    this.nowMs = Math.max(this.nowMs, next.atMs);
    next.act();
    return true;
  }
}
