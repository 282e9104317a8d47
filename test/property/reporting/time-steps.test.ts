import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsMax, TimeSteps } from '../../../src/reporting/time-steps.js';

const beganMs = Date.parse('2026-01-01T00:00:00.000Z');
const yearMs = 365 * 24 * 3_600_000;
const spell = fc.record({
  // Most within a day, some within a year: steps must be joined at any time.
  toMs: fc.oneof(fc.nat(86_400_000), fc.nat(yearMs)).map((ms) => beganMs + ms),
  lasted: fc.oneof(fc.constant(0), fc.nat(10_000), fc.nat(86_400_000)),
  amount: fc.nat(1_000_000_000),
});

describe('amounts over time', () => {
  it('add up to what was added, in at most 120 steps without a gap', () => {
    fc.assert(
      fc.property(fc.array(spell, { minLength: 1, maxLength: 60 }), (spells) => {
        const { steps, stepSeconds } = stepsOf(spells);
        expect(steps.length).toBeLessThanOrEqual(stepsMax);
        expect(sum(steps.map(({ bytes }) => bytes))).toBe(sum(spells.map(({ amount }) => amount)));
        expect(steps.every(({ bytes }) => Number.isInteger(bytes) && bytes >= 0)).toBe(true);
        for (const [position, { at }] of steps.entries())
          expect(Date.parse(at)).toBe(Date.parse(steps[0]!.at) + position * stepSeconds * 1_000);
      }),
    );
  });

  it('are in the step of their time, whatever was joined on the way', () => {
    fc.assert(
      fc.property(fc.array(spell, { minLength: 1, maxLength: 60 }), (spells) => {
        const moments = spells.map((each) => ({ ...each, lasted: 0 }));
        const { steps, stepSeconds } = stepsOf(moments);
        for (const { at, bytes } of steps) {
          const fromMs = Date.parse(at);
          const inside = moments.filter(({ toMs }) => toMs >= fromMs && toMs < fromMs + stepSeconds * 1_000);
          expect(bytes).toBe(sum(inside.map(({ amount }) => amount)));
        }
      }),
    );
  });

  it('that came about evenly are spread evenly, to within one a step that was joined', () => {
    fc.assert(
      fc.property(fc.array(spell, { minLength: 1, maxLength: 20 }), (spells) => {
        const { steps, stepSeconds } = stepsOf(spells);
        for (const { at, bytes } of steps) {
          const [fromMs, untilMs] = [Date.parse(at), Date.parse(at) + stepSeconds * 1_000];
          const expected = sum(
            spells.map(({ toMs, lasted, amount }) => {
              if (lasted === 0) return toMs >= fromMs && toMs < untilMs ? amount : 0;
              const shared = Math.min(untilMs, toMs) - Math.max(fromMs, toMs - lasted);
              return (Math.max(0, shared) / lasted) * amount;
            }),
          );
          expect(Math.abs(bytes - expected)).toBeLessThanOrEqual(spells.length + 1);
        }
      }),
    );
  });
});

function stepsOf(spells: readonly { readonly toMs: number; readonly lasted: number; readonly amount: number }[]) {
  const time = new TimeSteps(['bytes']);
  for (const { toMs, lasted, amount } of spells) time.spread(toMs - lasted, toMs, { bytes: amount });
  return time.steps;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
