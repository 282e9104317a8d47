import { setMaxListeners } from 'node:events';
import { IdleTimeout } from './stall.js';

/**
 * One request from its start to the end of its body, with an abort signal of its own. SDKs report a broken connection
 * and a cancelled request by the same error; only the outer signal tells them apart.
 *
 * `wait` rejects with the reason of the outer signal once that is aborted, and with {@link IdleTimeout} once a single
 * wait lasts too long; both abort the request. Time between waits does not count: a slow reader is not a stall.
 */
export class IdleScope {
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  #stopped: { readonly reason: unknown } | undefined;
  #rejectPending: ((reason: unknown) => void) | undefined;

  constructor(outer: AbortSignal) {
    outer.throwIfAborted();
    this.#outer = outer;
    // One listener for each request in flight, which the sockets bound; Node would warn of a leak at the eleventh.
    setMaxListeners(0, outer);
    outer.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The signal to pass to the SDK. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async wait<T>(promise: Promise<T>, idleMs: number): Promise<T> {
    const timer = setTimeout(() => {
      this.#stop(new IdleTimeout(idleMs));
    }, idleMs);
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#rejectPending = reject;
        promise.then(resolve, reject);
        if (this.#stopped !== undefined) reject(this.#stopped.reason);
      });
    } finally {
      clearTimeout(timer);
      this.#rejectPending = undefined;
    }
  }

  /** Stops listening to the outer signal; does not touch the request. */
  end(): void {
    this.#outer.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#stop(this.#outer.reason);
  };

  #stop(reason: unknown): void {
    this.#stopped ??= { reason };
    // The waiter first, so that it sees the reason and not the SDK's error for the abort.
    this.#rejectPending?.(this.#stopped.reason);
    this.#controller.abort(this.#stopped.reason);
  }
}

/** Makes one request whose answer is not streamed; all of it must be done within `timeoutMs`. */
export async function withTimeout<T>(
  call: (signal: AbortSignal) => Promise<T>,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<T> {
  const scope = new IdleScope(options.signal);
  try {
    return await scope.wait(call(scope.signal), options.timeoutMs);
  } finally {
    scope.end();
  }
}
