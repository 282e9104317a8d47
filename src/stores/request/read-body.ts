import type { Readable } from 'node:stream';
import type { IdleScope } from './idle-scope.js';
import { TooSlow } from './stall.js';

/** How long to wait for the next bytes of a body, and how slowly they may arrive. */
export interface BodyPatience {
  readonly idleMs: number;
  /** At least this many bytes must arrive in this much waiting. Only for bodies that can be resumed. */
  readonly slowest?: { readonly bytes: number; readonly withinMs: number };
}

/**
 * Yields the pieces of a body. Rejects as the stream and the scope do; the caller must check for an early end. Leaving
 * the iteration closes the connection; reading to the end frees it for the next request.
 */
export async function* readBody(body: Readable, scope: IdleScope, patience: BodyPatience): AsyncGenerator<Uint8Array> {
  // A body that breaks while nobody reads it must not end the process; the next read reports it.
  body.on('error', ignoreUntilRead);
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  // Only waiting counts: a reader that is busy or paced makes no body slow.
  let waitedMs = 0;
  let arrived = 0;
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await scope.wait(pieces.next(), patience.idleMs);
      if (next.done === true) return;
      waitedMs += performance.now() - askedAt;
      arrived += next.value.length;
      if (next.value.length > 0) yield next.value;
      if (patience.slowest === undefined || waitedMs < patience.slowest.withinMs) continue;
      if (arrived < patience.slowest.bytes) throw new TooSlow(arrived, patience.slowest.withinMs);
      waitedMs = 0;
      arrived = 0;
    }
  } finally {
    body.destroy();
  }
}

function ignoreUntilRead(): void {
  // The iterator keeps the error.
}
