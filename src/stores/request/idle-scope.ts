import { setMaxListeners } from 'node:events';

/** A wait of an {@link IdleScope} that lasted too long. */
export class IdleTimeout extends Error {
  override readonly name = 'IdleTimeout';

  constructor(readonly idleMs: number) {
    super(`nothing came for ${idleMs / 1_000} s`);
  }
}

/**
 * One request from its start to the end of its body, with its own abort signal: SDKs report a broken connection and a cancel by the same
 * error, and only the outer signal tells which it was.
 *
 * `wait` rejects with the outer signal's own reason when that aborts, and with {@link IdleTimeout} when one wait lasts too long; in both
 * cases the request is aborted. Time between waits does not count, so a slow reader is no stall.
 */
export class IdleScope {
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  #stopped: { readonly reason: unknown } | undefined;
  #rejectPending: ((reason: unknown) => void) | undefined;

  constructor(outer: AbortSignal) {
    outer.throwIfAborted();
    this.#outer = outer;
    // One listener a request in flight, which the sockets bound; Node would warn of a leak at the eleventh.
    setMaxListeners(0, outer);
    outer.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborts the request; hand it to the SDK. */
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

  /** Forgets the outer signal; the request itself is left as it is. */
  end(): void {
    this.#outer.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#stop(this.#outer.reason);
  };

  #stop(reason: unknown): void {
    this.#stopped ??= { reason };
    // First the waiter, so that it sees the reason and not what the SDK makes of the abort.
    this.#rejectPending?.(this.#stopped.reason);
    this.#controller.abort(this.#stopped.reason);
  }
}

/** Makes one request without a streamed body: all of it must be done after `timeoutMs`. */
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
