import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestPace } from '../../../src/flow/request-pace.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

const running = new AbortController().signal;

describe('the pace of requests', () => {
  useScaledTime(100);

  it('never exceeds the rate, except by a tenth of a second that was idle', async () => {
    const pace = new RequestPace(() => 50);
    const startedMs = performance.now();
    const times = await Promise.all(
      Array.from({ length: 200 }, async () => {
        await pace.turn(running);
        return performance.now() - startedMs;
      }),
    );
    for (const [at, ms] of times.entries()) expect(at).toBeLessThanOrEqual(50 * (ms / 1_000 + 0.1) + 1);
  });

  it('saves up no more than a tenth of a second while nobody asks', async () => {
    const pace = new RequestPace(() => 50);
    await pace.turn(running);
    const { setTimeout: wait } = await import('node:timers/promises');
    await wait(60_000);
    const startedMs = performance.now();
    for (let request = 0; request < 56; request += 1) await pace.turn(running);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(980);
  });

  it('lets everybody pass at once when there is no limit', async () => {
    const pace = new RequestPace(() => undefined);
    await Promise.all(Array.from({ length: 1_000 }, () => pace.turn(running)));
  });

  it('lets waiting requests pass in the order in which they came', async () => {
    const pace = new RequestPace(() => 10);
    const passed: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_unused, request) => {
        await pace.turn(running);
        passed.push(request);
      }),
    );
    expect(passed).toEqual(Array.from({ length: 20 }, (_unused, request) => request));
  });

  it('lets waiting requests pass when the rate is raised or lifted', async () => {
    let rate: number | undefined = 0.000_001;
    const pace = new RequestPace(() => rate);
    await pace.turn(running);
    const waiting = [pace.turn(running), pace.turn(running)];
    rate = undefined;
    await Promise.all(waiting);
  });

  it('releases a request that is stopped, whether first in the queue or further back', async () => {
    const reason = new Error('paused');
    const stop = new AbortController();
    const pace = new RequestPace(() => 0.000_001);
    await pace.turn(running);
    const waiting = [pace.turn(stop.signal), pace.turn(stop.signal)];
    stop.abort(reason);
    for (const each of waiting) await expect(each).rejects.toBe(reason);
    await expect(pace.turn(stop.signal)).rejects.toBe(reason);
  });
});

describe('those who wait for their turn', () => {
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  beforeEach(() => void process.on('warning', note));
  afterEach(() => void process.off('warning', note));

  it('may be many for one signal', async () => {
    const stop = new AbortController();
    const pace = new RequestPace(() => 0.000_001);
    await pace.turn(running);
    const waiting = Array.from({ length: 30 }, () => pace.turn(stop.signal));
    stop.abort(new Error('paused'));
    await Promise.allSettled(waiting);
    await vi.waitFor(() => expect(warnings).toEqual([]));
  });
});
