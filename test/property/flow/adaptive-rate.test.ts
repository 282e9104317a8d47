import { describe, expect, it } from 'vitest';
import { randomNumbers, upTo } from '../../support/random-numbers.js';
import { playThrottling, type ThrottlingOutcome } from '../../support/simulation/play-throttling.js';
import type { Capacity } from '../../support/simulation/throttling-store.js';
import { testSeed } from '../../support/test-seed.js';

const phaseSeconds = 60;

describe('the rate that is learnt from refusals', () => {
  it('gets 85 % of what the store can serve, with any capacity, latency and number of callers', () => {
    const random = randomNumbers(testSeed('adaptive rate'));
    for (let play = 0; play < 10; play += 1) {
      const latencyMs = 30 + upTo(random, 120);
      const callers = 16 + upTo(random, 48);
      const asked = (callers / latencyMs) * 1_000;
      // From a tenth of what the callers ask for to twice as much.
      const capacity = phases(5, () => Math.round(asked * 0.1 * 20 ** random()));
      const seconds = capacity.length * phaseSeconds;
      const outcome = playThrottling({ capacity, seconds, latencyMs, callers, random });
      const possible = capacity.reduce((sum, { perSecond }) => sum + phaseSeconds * Math.min(perSecond, asked), 0);
      const text = JSON.stringify({ latencyMs, callers, capacity: capacity.map(({ perSecond }) => perSecond) });
      expect(sum(outcome.served) / possible, text).toBeGreaterThan(0.85);
      // A refusal is a request that somebody pays for.
      expect(sum(outcome.refused) / sum(outcome.served), text).toBeLessThan(0.08);
    }
  });

  it('starves no caller', () => {
    const random = randomNumbers(testSeed('fair callers'));
    const play = { seconds: 600, latencyMs: 30, callers: 64, random };
    const { byCaller } = playThrottling({ ...play, capacity: [{ fromSecond: 0, perSecond: 50 }] });
    const mean = sum(byCaller) / byCaller.length;
    expect(Math.min(...byCaller)).toBeGreaterThan(mean * 0.8);
    expect(Math.max(...byCaller)).toBeLessThan(mean * 1.2);
  });

  it('is back at nine tenths of what the store can serve within half a minute after it refused everything', () => {
    const random = randomNumbers(testSeed('recovery'));
    for (const perSecond of [20, 200, 1_000]) {
      const capacity = [
        { fromSecond: 0, perSecond },
        { fromSecond: 60, perSecond: 0 },
        { fromSecond: 360, perSecond },
      ];
      const outcome = playThrottling({ capacity, seconds: 480, latencyMs: 30, callers: 64, random });
      // While nothing is served, a probe now and then is enough.
      expect(sum(outcome.refused.slice(70, 360)), String(perSecond)).toBeLessThan(0.6 * 290);
      const recovered = outcome.served.findIndex((served, second) => second >= 360 && served >= 0.9 * perSecond);
      expect(recovered - 360, String(perSecond)).toBeGreaterThanOrEqual(0);
      expect(recovered - 360, String(perSecond)).toBeLessThanOrEqual(30);
    }
  });

  it('slows down no more than retries do for a store that refuses one request in twenty whatever the rate', () => {
    const random = randomNumbers(testSeed('store in trouble'));
    const play = {
      seconds: 120,
      latencyMs: 30,
      callers: 64,
      capacity: [{ fromSecond: 0, perSecond: 100_000 }],
      random,
    };
    const undisturbed = sum(playThrottling(play).served);
    expect(sum(playThrottling({ ...play, failing: 0.05 }).served)).toBeGreaterThan(0.2 * undisturbed);
  });

  it('is no limit before the first refusal, nor long after the last', () => {
    const random = randomNumbers(testSeed('no limit'));
    const capacity = [
      { fromSecond: 0, perSecond: 10_000 },
      { fromSecond: 60, perSecond: 100 },
      { fromSecond: 120, perSecond: 10_000 },
    ];
    const outcome: ThrottlingOutcome = playThrottling({ capacity, seconds: 300, latencyMs: 30, callers: 64, random });
    expect(outcome.limit.slice(0, 60).every((limit) => limit === undefined)).toBe(true);
    expect(outcome.limit.slice(61, 120).every((limit) => limit !== undefined)).toBe(true);
    expect(outcome.limit.slice(200).every((limit) => limit === undefined)).toBe(true);
  });
});

function phases(count: number, perSecond: () => number): readonly Capacity[] {
  return Array.from({ length: count }, (_, index) => ({ fromSecond: index * phaseSeconds, perSecond: perSecond() }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
