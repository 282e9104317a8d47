import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { forEachAtOnce } from '../../../src/flow/for-each-at-once.js';

const never = new AbortController().signal;

async function* numbers(count: number, failsAt = Infinity): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) {
    if (number === failsAt) throw new Error('the sequence broke');
    yield number;
  }
}

describe('forEachAtOnce', () => {
  it('works on all items, a bounded number at a time', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await forEachAtOnce(numbers(20), { atOnce: 3, signal: never }, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, item) => item));
    expect(most).toBe(3);
  });

  it('throws the first failure once nothing runs, and leaves no rejection behind', async () => {
    const lost: unknown[] = [];
    const listen = (error: unknown): void => void lost.push(error);
    process.on('unhandledRejection', listen);
    let running = 0;
    const work = async (item: number, signal: AbortSignal): Promise<void> => {
      running += 1;
      await turn();
      running -= 1;
      if (item === 1) throw new Error('first');
      signal.throwIfAborted();
      throw new Error('later');
    };
    await expect(forEachAtOnce(numbers(9), { atOnce: 4, signal: never }, work)).rejects.toThrow(/first|later/);
    expect(running).toBe(0);
    await turn();
    await turn();
    process.off('unhandledRejection', listen);
    expect(lost).toEqual([]);
  });

  it('ends with the failure of the sequence, and aborts what runs', async () => {
    let aborted = 0;
    const work = (_item: number, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(signal.reason as Error);
        });
      });
    await expect(forEachAtOnce(numbers(9, 2), { atOnce: 4, signal: never }, work)).rejects.toThrow(
      'the sequence broke',
    );
    expect(aborted).toBe(2);
  });

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('shutdown');
    const work = async (item: number): Promise<void> => {
      if (item === 2) stop.abort(reason);
    };
    await expect(forEachAtOnce(numbers(9), { atOnce: 1, signal: stop.signal }, work)).rejects.toBe(reason);
  });
});
