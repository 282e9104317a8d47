interface Waiter {
  readonly kind: 'beside' | 'alone';
  readonly go: () => void;
}

/**
 * The turns of a process's units: many beside each other, or one alone. First come, first served, so that neither kind
 * waits for ever. The queue holds at most one entry for each unit in flight and one for each slice.
 */
export class UnitTurns {
  #beside = 0;
  #alone = false;
  readonly #waiting: Waiter[] = [];

  /**
   * Runs `move` beside others, and never while one is alone. Rejects with the signal's reason if that is aborted before
   * its turn comes.
   */
  beside<T>(move: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#take('beside', move, signal);
  }

  /** Runs `move` while nothing else runs. Rejects with the signal's reason if that is aborted before its turn comes. */
  alone<T>(move: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#take('alone', move, signal);
  }

  async #take<T>(kind: Waiter['kind'], move: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(kind, signal);
    try {
      return await move();
    } finally {
      if (kind === 'alone') this.#alone = false;
      else this.#beside -= 1;
      this.#next();
    }
  }

  #turn(kind: Waiter['kind'], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.#next();
      };
      const waiter: Waiter = {
        kind,
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      this.#next();
    });
  }

  #next(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      if (this.#alone || (first.kind === 'alone' && this.#beside > 0)) return;
      this.#waiting.shift();
      if (first.kind === 'alone') this.#alone = true;
      else this.#beside += 1;
      first.go();
    }
  }
}
