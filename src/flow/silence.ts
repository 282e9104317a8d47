/** A failure that comes this late says no more than that there was no answer. One that comes sooner is an answer. */
const lateMs = 5_000;
/** Between two tries of a request there is less time than this. */
const keptMs = 30_000;

/**
 * Knows how long a store has not answered although requests wait for it. A request fails only when its timeout is over,
 * which takes a minute or longer; until then this is all that can be known about a store that hangs.
 */
export class Silence {
  #waiting = 0;
  #sinceMs = 0;
  #failedLateMs = Number.NEGATIVE_INFINITY;
  #patientUntilMs = 0;

  /** How long it has lasted, in milliseconds; undefined if no request waits, or none can have been answered yet. */
  get lastedMs(): number | undefined {
    const nowMs = performance.now();
    if (this.#waiting === 0 && !this.#isKept(nowMs)) return undefined;
    return nowMs < this.#patientUntilMs ? undefined : nowMs - this.#sinceMs;
  }

  /**
   * Runs a request, or waits for more of its answer, and notes when the store is heard from. The answer cannot be
   * expected before `patienceMs` have passed.
   */
  async during<T>(request: () => Promise<T>, patienceMs = 0): Promise<T> {
    const askedMs = performance.now();
    if (this.#waiting === 0 && !this.#isKept(askedMs)) this.#sinceMs = askedMs;
    this.#patientUntilMs = Math.max(this.#patientUntilMs, askedMs + patienceMs);
    this.#waiting += 1;
    try {
      const answer = await request();
      this.#heard();
      return answer;
    } catch (error) {
      if (performance.now() - askedMs < lateMs) this.#heard();
      else this.#failedLateMs = performance.now();
      throw error;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Yields the pieces of a body. While nobody asks for the next one, the store cannot be silent. */
  async *duringBody<T>(body: AsyncIterable<T>): AsyncGenerator<T> {
    const pieces = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.during(() => pieces.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await pieces.return?.();
    }
  }

  #heard(): void {
    this.#sinceMs = performance.now();
    this.#failedLateMs = Number.NEGATIVE_INFINITY;
  }

  #isKept(nowMs: number): boolean {
    return nowMs - this.#failedLateMs < keptMs;
  }
}
