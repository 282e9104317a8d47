import { setMaxListeners } from 'node:events';
import type { Dispatcher, Pool } from 'undici';
import { AnswerTooLarge } from '../request/answer-too-large.js';
import { IdleTimeout, TooSlow } from '../request/stall.js';
import { connectionError } from './connection-error.js';
import { RawHeaders } from './raw-headers.js';

/** A request as it is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** With the query, escaped. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body?: Uint8Array;
}

/** How long to wait, and how much to accept. */
export interface HttpLimits {
  readonly signal: AbortSignal;
  /** For the head of the answer, or for all of it if there is no limit for its body. */
  readonly timeoutMs: number;
  readonly body?: {
    /** For the next bytes. */
    readonly idleMs: number;
    /** At least `bytes` must arrive within `withinMs`. */
    readonly slowest: { readonly bytes: number; readonly withinMs: number };
  };
  /** More bytes are not held. */
  readonly bytesMax: number;
  /** Looks at the head of an answer before anything else is received; what it throws ends the exchange. */
  readonly accept?: (head: HttpHead) => void;
}

/** The head of an answer. */
export interface HttpHead {
  readonly status: number;
  readonly headers: RawHeaders;
}

/** An answer whose body is held. */
export interface HttpAnswer extends HttpHead {
  readonly pieces: readonly Uint8Array[];
  /** Why there is no more of the body than that. */
  readonly broken: { readonly reason: unknown } | undefined;
}

/**
 * Makes one request and holds the whole answer. Rejects with the signal's own reason, with {@link IdleTimeout}, with
 * what `accept` throws, or with the error of the connection. A failure after the head has arrived is returned with the
 * pieces that were received before. Whatever ends an exchange early closes its connection.
 */
export function exchange(pool: Pool, request: HttpRequest, limits: HttpLimits): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    new Exchange(pool, request, limits, resolve, reject);
  });
}

/** Has one timer and one listener for the whole exchange, and no promise for a piece: there are hundreds a second. */
class Exchange implements Dispatcher.DispatchHandlers {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #head: HttpHead | undefined;
  #timer: NodeJS.Timeout;
  #ended = false;
  #disconnect: ((error?: Error) => void) | undefined;
  /** Since when, and how many bytes before, arrivals are measured. */
  #measured = { sinceMs: 0, bytes: 0 };

  constructor(
    pool: Pool,
    { method, path, headers, body }: HttpRequest,
    private readonly limits: HttpLimits,
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    const { signal, timeoutMs } = limits;
    signal.throwIfAborted();
    this.#timer = setTimeout(() => this.#fail(new IdleTimeout(timeoutMs)), timeoutMs);
    // One listener for each request in flight, which the sockets bound; Node would warn of a leak at the eleventh.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', this.#onAbort);
    pool.dispatch({ method, path, headers: headers as string[], body: body ?? null }, this);
  }

  onConnect(abort: (error?: Error) => void): void {
    // It may have waited for a connection for so long that nobody wants it any more.
    if (this.#ended) abort(new Error('the exchange has ended'));
    else this.#disconnect = abort;
  }

  onHeaders(status: number, raw: Buffer[]): boolean {
    if (status < 200 || this.#ended) return true;
    const { body, accept } = this.limits;
    this.#head = { status, headers: new RawHeaders(raw) };
    try {
      accept?.(this.#head);
    } catch (error) {
      this.#head = undefined;
      this.#fail(error);
      return true;
    }
    if (body === undefined) return true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new IdleTimeout(body.idleMs)), body.idleMs);
    this.#measured.sinceMs = performance.now();
    return true;
  }

  onData(piece: Buffer): boolean {
    if (this.#ended) return true;
    const { bytesMax, body } = this.limits;
    this.#bytes += piece.length;
    if (this.#bytes > bytesMax) {
      this.#fail(new AnswerTooLarge(bytesMax));
      return true;
    }
    this.#pieces.push(piece);
    if (body === undefined) return true;
    this.#timer.refresh();
    const nowMs = performance.now();
    if (nowMs - this.#measured.sinceMs < body.slowest.withinMs) return true;
    const arrived = this.#bytes - this.#measured.bytes;
    if (arrived < body.slowest.bytes) this.#fail(new TooSlow(arrived, body.slowest.withinMs));
    this.#measured = { sinceMs: nowMs, bytes: this.#bytes };
    return true;
  }

  onComplete(): void {
    this.#settle(undefined);
  }

  onError(error: Error): void {
    this.#fail(connectionError(error));
  }

  readonly #onAbort = (): void => this.#fail(this.limits.signal.reason);

  #fail(reason: unknown): void {
    this.#settle({ reason });
    this.#disconnect?.(new Error('the exchange was ended'));
  }

  #settle(broken: HttpAnswer['broken']): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.limits.signal.removeEventListener('abort', this.#onAbort);
    if (this.#head === undefined) this.reject(broken?.reason);
    else this.resolve({ ...this.#head, pieces: this.#pieces, broken });
  }
}
