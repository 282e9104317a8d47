import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { toTroubled, toWaiting, UnitQueue } from '../../../../src/pipeline/slice/unit-queue.js';

const units = [0, 1, 2].map((index) => ({ index, id: `u${index}`, key: `u${index}`, fields: {} }));
const [first, second, third] = units as [(typeof units)[0], (typeof units)[0], (typeof units)[0]];
const transient = new Failure('SourceNetwork', 'reset');
const began = { ms: 0, others: false };

/** Gives a unit back as an attempt does. */
function retryLater(queue: UnitQueue, unit: (typeof units)[0], failure: Failure, nowMs: number): void {
  queue.noteFailure(unit, failure, began);
  queue.retryLater(unit, nowMs);
}

describe('UnitQueue', () => {
  it('hands out units in order, each once', () => {
    const queue = new UnitQueue(units);
    expect([queue.take(0), queue.take(0), queue.waiting, queue.take(0), queue.take(0)]).toEqual([
      first,
      second,
      1,
      third,
      undefined,
    ]);
  });

  it('hands out a unit again after 1 s, then 2 s, then at most a minute', () => {
    const queue = new UnitQueue([first]);
    let nowMs = 0;
    for (const delayMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      expect(queue.take(nowMs)).toBe(first);
      retryLater(queue, first, transient, nowMs);
      expect(queue.waiting).toBe(1);
      expect(queue.take(nowMs + delayMs - 1)).toBeUndefined();
      nowMs += delayMs;
    }
  });

  it('waits as long as the other side asks, but not beyond a minute', () => {
    const queue = new UnitQueue([first, second]);
    queue.take(0);
    queue.take(0);
    retryLater(queue, first, new Failure('SourceThrottled', 'busy', { retryAfterMs: 30_000 }), 0);
    retryLater(queue, second, new Failure('SourceThrottled', 'busy', { retryAfterMs: 3_600_000 }), 0);
    expect(queue.take(29_999)).toBeUndefined();
    expect(queue.take(30_000)).toBe(first);
    expect(queue.take(59_999)).toBeUndefined();
    expect(queue.take(60_000)).toBe(second);
  });

  it('takes what is ready before what was delayed', () => {
    const queue = new UnitQueue([first, second]);
    queue.take(0);
    retryLater(queue, first, transient, 0);
    expect(queue.take(5_000)).toBe(second);
    expect(queue.take(5_000)).toBe(first);
  });

  it('does not hand out deferred units again', () => {
    const queue = new UnitQueue([first]);
    queue.take(0);
    const failure = new Failure('SourceForbidden', '403');
    queue.defer(first, failure);
    expect([queue.waiting, queue.take(1e9), queue.deferred]).toEqual([0, undefined, [{ unit: first, failure }]]);
  });

  it('says how long nothing may begin', () => {
    const queue = new UnitQueue([first]);
    expect(queue.untilNext(0)).toBe(0);
    queue.take(0);
    expect(queue.untilNext(0)).toBeUndefined();
    retryLater(queue, first, transient, 500);
    expect(queue.untilNext(500)).toBe(1_000);
    expect(queue.untilNext(9_000)).toBe(0);
  });

  it('counts failures in a row from the first, also over attempts, until the unit has ended', () => {
    const waiting = { index: 0, since: '2024-01-01T00:00:00.000Z', failures: 6 };
    const queue = new UnitQueue([first], [toTroubled(waiting)]);
    const sinceMs = Date.UTC(2024, 0, 1);
    expect(queue.noteFailure(first, transient, { ms: sinceMs + 1, others: true })).toEqual({
      ...{ index: 0, sinceMs, failures: 7, others: true, failure: transient },
    });
    expect(queue.troubled.map(toWaiting)).toEqual([{ ...waiting, failures: 7, others: true }]);
    queue.settle(0);
    expect(queue.troubled).toEqual([]);
    expect(queue.noteFailure(first, transient, { ms: 5, others: false })).toMatchObject({ sinceMs: 5, failures: 1 });
  });
});
