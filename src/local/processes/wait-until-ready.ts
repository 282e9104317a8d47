import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from '../failure/local-stack-error.js';
import { messageOf } from '../failure/message-of.js';

/** A part to wait for: its proof, which throws while it is not ready, and whether its process still runs. */
export interface Awaited {
  readonly title: string;
  readonly withinMs: number;
  /** Where to look if it fails: "its log: …". */
  readonly hint: () => string;
  readonly prove: (signal: AbortSignal) => Promise<void>;
  readonly isAlive: () => boolean;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Between two attempts: too short to notice, long enough not to load a machine that is starting servers. */
const pauseMs = 200;

/**
 * Tries the proof until it succeeds, and reports progress after 2 s and then every 10 s. Throws `LocalStackError` if
 * the process ends or the time is up, or the signal's reason when it is aborted, even while an attempt hangs.
 */
export async function waitUntilReady(part: Awaited): Promise<void> {
  const deadline = AbortSignal.timeout(part.withinMs);
  const either = AbortSignal.any([part.signal, deadline]);
  const begun = performance.now();
  let nextLineMs = 2_000;
  let last: unknown = new Error('no answer');
  const report = setInterval(() => {
    const waitedMs = performance.now() - begun;
    if (waitedMs < nextLineMs) return;
    nextLineMs += 10_000;
    part.progress(`waiting for ${part.title} (${Math.round(waitedMs / 1_000)} s): ${messageOf(last)}`);
  }, 250);
  try {
    for (;;) {
      try {
        await unlessAborted(part.prove(either), either);
        return;
      } catch (error) {
        if (!either.aborted) last = error;
      }
      part.signal.throwIfAborted();
      if (!part.isAlive()) throw failed(part, 'ended while it started', last);
      if (deadline.aborted) throw failed(part, `was not ready within ${part.withinMs / 1_000} s`, last);
      await sleep(pauseMs);
    }
  } finally {
    clearInterval(report);
  }
}

function failed(part: Awaited, what: string, last: unknown): LocalStackError {
  return new LocalStackError('unreachable', `${part.title} ${what}: ${messageOf(last)}`, {
    next: part.hint(),
    cause: last,
  });
}

function unlessAborted(attempt: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    attempt.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
