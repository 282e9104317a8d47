import { settled, unwrap } from './settled.js';

/** A caller that waits for shared work. Until its signal is aborted, it receives all news of the work. */
export interface Waiter<News> {
  readonly signal: AbortSignal;
  readonly told: (news: News) => void;
}

/**
 * Work that is done once for all callers that wait for it at the same time. It has its own signal, so a caller that
 * leaves does not end it for the others; it is aborted when the last one leaves.
 */
export class SharedWork<News> {
  #running: Running<News> | undefined;

  constructor(private readonly work: (waiter: Waiter<News>) => Promise<void>) {}

  /** Joins the work, or begins it. Rejects as it does, or with the signal's reason once that is aborted. */
  async join(waiter: Waiter<News>): Promise<void> {
    waiter.signal.throwIfAborted();
    const running = (this.#running ??= this.#begin());
    running.waiters.add(waiter);
    try {
      await untilAborted(running.ended, waiter.signal);
    } finally {
      running.waiters.delete(waiter);
      if (running.waiters.size === 0) {
        if (this.#running === running) this.#running = undefined;
        running.abandoned.abort(new Error('nobody waits for it any more'));
      }
    }
  }

  #begin(): Running<News> {
    const waiters = new Set<Waiter<News>>();
    const abandoned = new AbortController();
    const told = (news: News): void => {
      for (const waiter of waiters) waiter.told(news);
    };
    const ended = settled(this.work({ signal: abandoned.signal, told })).then((result) => {
      if (this.#running === running) this.#running = undefined;
      return result;
    });
    const running: Running<News> = { waiters, abandoned, ended: ended.then(unwrap) };
    // Those who wait see the failure; a failure that nobody waits for any more is of no interest.
    void settled(running.ended);
    return running;
  }
}

interface Running<News> {
  readonly waiters: Set<Waiter<News>>;
  readonly abandoned: AbortController;
  readonly ended: Promise<void>;
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void settled(promise).then((result) => {
      signal.removeEventListener('abort', abort);
      if ('error' in result) reject(result.error);
      else resolve();
    });
  });
}
