import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { UnitQueue } from '../../../../src/pipeline/slice/unit-queue.js';

const units = [0, 1, 2].map((index) => ({ index, id: `u${index}`, key: `u${index}`, fields: {} }));
const [first, second, third] = units as [(typeof units)[0], (typeof units)[0], (typeof units)[0]];
const transient = new Failure('SourceNetwork', 'reset');

describe('UnitQueue', () => {
  it('gives units in order, each once', () => {
    const queue = new UnitQueue(units);
    expect([queue.take(0), queue.take(0), queue.waiting, queue.take(0), queue.take(0)]).toEqual([
      first,
      second,
      1,
      third,
      undefined,
    ]);
  });

  it('gives a unit back after 1 s, then 2 s, then at most a minute', () => {
    const queue = new UnitQueue([first]);
    let nowMs = 0;
    for (const delayMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      expect(queue.take(nowMs)).toBe(first);
      queue.retryLater(first, transient, nowMs);
      expect(queue.waiting).toBe(1);
      expect(queue.take(nowMs + delayMs - 1)).toBeUndefined();
      nowMs += delayMs;
    }
  });

  it('waits as long as the other side asks, but not beyond a minute', () => {
    const queue = new UnitQueue([first, second]);
    queue.take(0);
    queue.take(0);
    queue.retryLater(first, new Failure('SourceThrottled', 'busy', { retryAfterMs: 30_000 }), 0);
    queue.retryLater(second, new Failure('SourceThrottled', 'busy', { retryAfterMs: 3_600_000 }), 0);
    expect(queue.take(29_999)).toBeUndefined();
    expect(queue.take(30_000)).toBe(first);
    expect(queue.take(59_999)).toBeUndefined();
    expect(queue.take(60_000)).toBe(second);
  });

  it('takes what is ready before what was delayed', () => {
    const queue = new UnitQueue([first, second]);
    queue.take(0);
    queue.retryLater(first, transient, 0);
    expect(queue.take(5_000)).toBe(second);
    expect(queue.take(5_000)).toBe(first);
  });

  it('does not give deferred units again', () => {
    const queue = new UnitQueue([first]);
    queue.take(0);
    const failure = new Failure('SourceForbidden', '403');
    queue.defer(first, failure);
    expect([queue.waiting, queue.take(1e9), queue.deferred]).toEqual([0, undefined, [{ unit: first, failure }]]);
  });
});
