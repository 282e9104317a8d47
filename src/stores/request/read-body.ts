import type { Readable } from 'node:stream';
import type { IdleScope } from './idle-scope.js';

/**
 * Yields the pieces of a body. Rejects as the stream and the scope do; the caller must check for an early end.
 * Leaving the iteration closes the connection; reading to the end frees it for the next request.
 */
export async function* readBody(body: Readable, scope: IdleScope, idleMs: number): AsyncGenerator<Uint8Array> {
  // A body that breaks while nobody reads it must not end the process; the next read reports it.
  body.on('error', ignoreUntilRead);
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const next = await scope.wait(pieces.next(), idleMs);
      if (next.done === true) return;
      if (next.value.length > 0) yield next.value;
    }
  } finally {
    body.destroy();
  }
}

function ignoreUntilRead(): void {
  // The iterator keeps the error.
}
