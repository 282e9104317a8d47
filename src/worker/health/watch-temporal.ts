import { setTimeout as wait } from 'node:timers/promises';
import { settled } from '../../flow/settled.js';
import type { ProcessState } from './process-state.js';

/**
 * Asks Temporal every ten seconds whether it still answers, and reports each change, until `signal` is aborted. The SDK
 * keeps polling by itself, whatever the result, and does not report that its polls fail.
 */
export async function watchTemporal({
  ask,
  tell,
  signal,
  everyMs = 10_000,
}: {
  readonly ask: () => Promise<unknown>;
  readonly tell: (state: ProcessState) => void;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}): Promise<void> {
  let told: ProcessState | undefined;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const state = 'error' in (await settled(ask())) ? 'unreachable' : 'polling';
    if (isOver()) return;
    if (state !== told) tell(state);
    told = state;
    await settled(wait(everyMs, undefined, { signal }));
  }
}
