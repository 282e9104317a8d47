import { describe, expect, it } from 'vitest';
import { Failure, type FailureContext } from '../../../src/domain/failure.js';
import type { FailureClass } from '../../../src/domain/failure-classes.js';
import { isWorthAnotherTry, requestPatience, tryAgain } from '../../../src/flow/try-again.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

useScaledTime(200);

const never = new AbortController().signal;

/** Fails with each class in turn, then succeeds. */
function failing(classes: readonly FailureClass[], context: FailureContext = {}) {
  const state = { calls: 0 };
  const attempt = async (): Promise<string> => {
    const failureClass = classes[state.calls];
    state.calls += 1;
    if (failureClass !== undefined) throw new Failure(failureClass, `failure ${state.calls}`, context);
    return 'ok';
  };
  return { state, attempt };
}

describe('tryAgain', () => {
  it('tries again after failures that may pass', async () => {
    const { state, attempt } = failing(['SourceNetwork', 'SourceThrottled', 'TargetUnknownOutcome']);
    await expect(tryAgain(attempt, never)).resolves.toBe('ok');
    expect(state.calls).toBe(4);
  });

  it('ends after a bounded number of tries, with the last failure', async () => {
    const { state, attempt } = failing(Array<FailureClass>(100).fill('SourceNetwork'));
    await expect(tryAgain(attempt, never)).rejects.toThrow(`failure ${requestPatience.retries + 1}`);
    expect(state.calls).toBe(requestPatience.retries + 1);
  });

  it.each(['SourceMissing', 'SourceAuth', 'SourceForbidden', 'TargetMissing', 'CorruptInput', 'LedgerLost'] as const)(
    'does not try again after %s',
    async (failureClass) => {
      const { state, attempt } = failing([failureClass]);
      await expect(tryAgain(attempt, never)).rejects.toMatchObject({ failureClass });
      expect(state.calls).toBe(1);
      expect(isWorthAnotherTry(new Failure(failureClass, ''))).toBe(false);
    },
  );

  it('waits at least as long as the server asks', async () => {
    const { attempt } = failing(['SourceThrottled'], { retryAfterMs: 4_000 });
    const started = performance.now();
    await tryAgain(attempt, never);
    expect(performance.now() - started).toBeGreaterThanOrEqual(4_000);
  });

  it('does not let a hostile server stop it for an hour', async () => {
    const { attempt } = failing(['SourceThrottled'], { retryAfterMs: 3_600_000 });
    const started = performance.now();
    await tryAgain(attempt, never);
    expect(performance.now() - started).toBeLessThan(600_000);
  });

  it('does not begin when the signal is already aborted', async () => {
    const reason = new Error('shutdown');
    const { state, attempt } = failing([]);
    await expect(tryAgain(attempt, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(state.calls).toBe(0);
  });
});

describe('an abort', () => {
  const reasons = [
    ['an error', new Error('shutdown')],
    ['a type error', new TypeError('shutdown')],
    ['text', 'shutdown'],
  ] as const;

  it.each(reasons)('by %s during the delay rejects with the very reason', async (_, reason) => {
    const controller = new AbortController();
    const { attempt } = failing(['SourceNetwork', 'SourceNetwork']);
    const result = tryAgain(attempt, controller.signal, { retries: 5, firstDelayMs: 1e9, longestDelayMs: 1e9 });
    setImmediate(() => controller.abort(reason));
    await expect(result).rejects.toBe(reason);
  });

  it.each(reasons)('by %s during a wait that the server asked for rejects with the very reason', async (_, reason) => {
    const controller = new AbortController();
    const { attempt } = failing(['SourceThrottled'], { retryAfterMs: 1e9 });
    const result = tryAgain(attempt, controller.signal, { retries: 5, firstDelayMs: 1, longestDelayMs: 1e9 });
    setImmediate(() => controller.abort(reason));
    await expect(result).rejects.toBe(reason);
  });

  it.each(reasons)(
    'by %s during the attempt rejects with the very reason, however the attempt ends',
    async (_, reason) => {
      const controller = new AbortController();
      const result = tryAgain(async () => {
        controller.abort(reason);
        throw new Failure('SourceNetwork', 'the connection was closed');
      }, controller.signal);
      await expect(result).rejects.toBe(reason);
    },
  );
});
