import type { Readable } from 'node:stream';
import type { IdleScope } from './idle-scope.js';

/**
 * Gives the bytes of a body piece by piece. Rejects as the stream and the scope do; an end that comes too early is for the caller to see.
 * Whoever stops reading closes the connection; a body read to its end gives it back.
 */
export async function* readBody(body: Readable, scope: IdleScope, idleMs: number): AsyncGenerator<Uint8Array> {
  // A body that breaks while nobody waits for it must not end the process; the next wait reports it.
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
  // The async iterator holds the error.
}
