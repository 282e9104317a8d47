/** From which second on how many requests per second are served. */
export interface Capacity {
  readonly fromSecond: number;
  readonly perSecond: number;
}

/**
 * A model of a store that serves a limited number of requests per second, a fifth of them at once, and refuses the
 * rest.
 */
export class ThrottlingStore {
  #tokens = Infinity;
  #atMs = 0;

  constructor(readonly capacity: readonly Capacity[]) {}

  /** Reports whether a request that arrives now is served. */
  serves(nowMs: number): boolean {
    const perSecond = this.perSecond(nowMs);
    this.#tokens = Math.min(perSecond / 5, this.#tokens + ((nowMs - this.#atMs) / 1_000) * perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  perSecond(nowMs: number): number {
    return this.capacity.findLast(({ fromSecond }) => fromSecond * 1_000 <= nowMs)?.perSecond ?? 0;
  }
}
