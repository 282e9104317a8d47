import { Context } from '@temporalio/activity';
import type { SliceResult } from '../../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../../src/domain/figures/tally.js';

/** Beats until it is cancelled, then returns what a slice returns that was asked to stop. */
export async function partialWhenCancelled(): Promise<SliceResult> {
  await beatUntilCancelled();
  return { state: 'partial', tally: emptyTally };
}

/** Beats until it is cancelled. */
export async function beatUntilCancelled(): Promise<void> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 50);
  const cancelled = new Promise<void>((resolve) => {
    context.cancellationSignal.addEventListener('abort', () => resolve());
  });
  await cancelled;
  clearInterval(timer);
}
