import { Readable } from 'node:stream';
import type { Pool } from 'undici';
import { connectionError } from './connection-error.js';
import type { HttpHead, HttpRequest } from './exchange.js';
import { RawHeaders } from './raw-headers.js';

/** An answer whose body has yet to be read. */
export interface StreamedAnswer extends HttpHead {
  /** Must be read to its end or destroyed, because an unread one keeps its connection. */
  readonly body: Readable;
}

/**
 * Makes one request and returns when the head of its answer has arrived. Aborting the signal ends it, also while the
 * body is read.
 */
export function streamedAnswer(pool: Pool, request: HttpRequest, signal: AbortSignal): Promise<StreamedAnswer> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const { promise, resolve, reject } = withResolvers<StreamedAnswer>();
  let disconnect: (error?: Error) => void = () => undefined;
  let resume: () => void = () => undefined;
  let isWhole = false;
  const body = new Readable({
    read: () => resume(),
    destroy: (error, done) => {
      signal.removeEventListener('abort', onAbort);
      if (!isWhole) disconnect(new Error('the exchange was ended'));
      done(error);
    },
  });
  // A body that breaks before it is read must not end the process; its reader reports it.
  body.on('error', reject);
  const onAbort = (): void => void body.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  const { method, path, headers } = request;
  pool.dispatch(
    { method, path, headers: headers as string[], body: request.body ?? null },
    {
      onConnect(abort) {
        disconnect = abort;
        if (body.destroyed) abort(new Error('the exchange has ended'));
      },
      onHeaders(status, raw, resumed) {
        if (status < 200) return true;
        resume = resumed;
        resolve({ status, headers: new RawHeaders(raw), body });
        return true;
      },
      onData: (piece) => body.push(piece),
      onComplete() {
        isWhole = true;
        body.push(null);
      },
      onError: (error) => void body.destroy(connectionError(error)),
    },
  );
  return promise;
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
}
