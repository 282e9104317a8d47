import pLimit from 'p-limit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AdaptiveWidth } from '../../../../src/flow/adaptive-width.js';
import { keepWidth } from '../../../../src/worker/width/keep-width.js';

const never = new Promise<never>(() => undefined);

describe('a worker process', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function watched(limits: { bytesPerSecond?: number; waiting?: number } = {}, anyLimited = false) {
    const width = new AdaptiveWidth({ least: 2, most: 8, memoryBytesMax: Infinity });
    const units = pLimit(width.width);
    const adapt = vi.fn(() => void (units.concurrency = width.width));
    const ended = new AbortController();
    const { bytesPerSecond, waiting = 0 } = limits;
    const requestsPerSecond = [{ account: 'east', limit: undefined, waiting }];
    const directives = { adapt, limits: () => [{ migration: 'orders', bytesPerSecond, requestsPerSecond }] };
    keepWidth({ process: { units, width }, directives, throttles: { anyLimited }, signal: ended.signal });
    return { width, units, adapt, ended };
  }

  /** Lets time pass, in which the event loop was at work for this share of it. */
  async function pass(seconds: number, utilization = 0.3): Promise<void> {
    const busy = { utilization, active: utilization, idle: 1 - utilization };
    vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue(busy);
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
  }

  it('has more units in flight while all places are taken and it idles, and none once it drains', async () => {
    const { width, units, adapt, ended } = watched();
    for (let unit = 0; unit < 20; unit += 1) void units(() => never);
    await pass(5);
    expect(adapt).toHaveBeenCalledTimes(1);
    expect(units.concurrency).toBe(3);
    ended.abort();
    await pass(60);
    expect(width.width).toBe(3);
  });

  it.each([
    ['a store asked for fewer requests', {}, true],
    ['a limit of bytes is set', { bytesPerSecond: 1_000 }, false],
    ['requests wait for their turn', { waiting: 1 }, false],
  ])('does not while %s', async (_why, limits, anyLimited) => {
    const { units, adapt } = watched(limits, anyLimited);
    for (let unit = 0; unit < 20; unit += 1) void units(() => never);
    await pass(30);
    expect(adapt).not.toHaveBeenCalled();
  });

  it('does not while its processor is at work', async () => {
    const { units, adapt } = watched();
    for (let unit = 0; unit < 20; unit += 1) void units(() => never);
    await pass(30, 0.95);
    expect(adapt).not.toHaveBeenCalled();
  });

  it('does not while places are free', async () => {
    const { units, adapt } = watched();
    void units(() => never);
    await pass(30);
    expect(adapt).not.toHaveBeenCalled();
  });
});
