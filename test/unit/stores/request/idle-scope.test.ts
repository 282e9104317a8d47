import { describe, expect, it } from 'vitest';
import { IdleScope, withTimeout } from '../../../../src/stores/request/idle-scope.js';
import { IdleTimeout } from '../../../../src/stores/request/stall.js';

const never = new Promise<never>(() => {});

describe('a request', () => {
  it('that waits too long is aborted and says for how long it waited', async () => {
    const scope = new IdleScope(new AbortController().signal);
    await expect(scope.wait(never, 10)).rejects.toEqual(new IdleTimeout(10));
    expect(scope.signal.aborted).toBe(true);
    scope.end();
  });

  it('rejects with the reason of the outer signal, even if the SDK does not notice the abort', async () => {
    const outer = new AbortController();
    const reason = new Error('shutdown');
    const waiting = withTimeout(() => never, { signal: outer.signal, timeoutMs: 60_000 });
    outer.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('rejects with that reason also when the signal aborted between two waits', async () => {
    const outer = new AbortController();
    const scope = new IdleScope(outer.signal);
    expect(await scope.wait(Promise.resolve('first'), 60_000)).toBe('first');
    const reason = new Error('shutdown');
    outer.abort(reason);
    await expect(scope.wait(Promise.resolve('second'), 60_000)).rejects.toBe(reason);
    scope.end();
  });

  it('does not begin under a signal that has aborted', async () => {
    const reason = new Error('shutdown');
    let begun = false;
    const call = async (): Promise<void> => {
      begun = true;
    };
    await expect(withTimeout(call, { signal: AbortSignal.abort(reason), timeoutMs: 1 })).rejects.toBe(reason);
    expect(begun).toBe(false);
  });

  it('passes a failure of its own on unchanged', async () => {
    const failure = new Error('refused');
    const { signal } = new AbortController();
    await expect(withTimeout(() => Promise.reject(failure), { signal, timeoutMs: 60_000 })).rejects.toBe(failure);
  });
});
