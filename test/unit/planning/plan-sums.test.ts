import { describe, expect, it } from 'vitest';
import { judgeUnit } from '../../../src/planning/judge-unit.js';
import { defaultPrices } from '../../../src/planning/default-prices.js';
import { planCost } from '../../../src/planning/plan-cost.js';
import { extrapolate, PlanSums } from '../../../src/planning/plan-sums.js';
import { pricesSchema } from '../../../src/planning/prices.js';
import { targetRequests } from '../../../src/planning/target-requests.js';
import type { PlannedLine } from '../../../src/planning/planned-line.js';
import { sampleLine } from './sample-line.js';

const miB = 1024 * 1024;
const noRange = { bytes: undefined, blobs: undefined, changesRecently: false };

describe('the sums of a plan', () => {
  it('count each unit under its verdict, and as moved what is ready or suspicious', () => {
    const { verdicts, moved, failing, requests } = sumsOf([
      sampleLine(),
      sampleLine({ repeated: 1, blobs: 20 }),
      sampleLine({ state: 'incomplete', class: 'Incomplete', heads: 3 }),
      sampleLine({ state: 'empty', blobs: 0, bytes: 0 }),
    ]);
    expect(verdicts).toEqual({
      failing: { units: 0, blobs: 0, bytes: 0 },
      incomplete: { units: 1, blobs: 10, bytes: 1_000 },
      empty: { units: 1, blobs: 0, bytes: 0 },
      suspicious: { units: 1, blobs: 20, bytes: 1_000 },
      ready: { units: 1, blobs: 10, bytes: 1_000 },
    });
    expect(moved).toEqual({ units: 2, blobs: 30, bytes: 2_000, targetBytes: 3_000 });
    expect(failing).toBe(1);
    // Every unit is listed, whatever becomes of it.
    expect(requests).toEqual({ lists: 4, sourceHeads: 3, reads: 30, puts: 2, targetHeads: 0 });
  });

  it('keep the ten largest units, the first of equals before the others', () => {
    const lines = Array.from({ length: 30 }, (_, index) => sampleLine({ index, bytes: 1 + (index % 15) }));
    const { largest } = sumsOf(lines);
    expect(largest.map(({ bytes }) => bytes)).toEqual([15, 15, 14, 14, 13, 13, 12, 12, 11, 11]);
    expect(largest.slice(0, 2).map(({ index }) => index)).toEqual([14, 29]);
  });

  it('of a sample stand for all units in what is moved and requested, not in what was found', () => {
    const totals = sumsOf([sampleLine(), sampleLine({ state: 'incomplete', class: 'Incomplete' })]);
    const whole = extrapolate(totals, { units: 2, of: 100 });
    expect(whole.moved).toEqual({ units: 50, blobs: 500, bytes: 50_000, targetBytes: 75_000 });
    expect(whole.requests.lists).toBe(100);
    expect(whole.verdicts).toEqual(totals.verdicts);
    expect(whole.failing).toBe(1);
  });
});

describe('the requests that publish an object', () => {
  it('are one put for up to one part, and HEAD, create, parts and complete for more', () => {
    expect(targetRequests(1_000, 0)).toEqual({ puts: 1, heads: 0 });
    expect(targetRequests(8 * miB, 8 * miB)).toEqual({ puts: 1, heads: 0 });
    expect(targetRequests(8 * miB, 8 * miB + 1)).toEqual({ puts: 4, heads: 1 });
    expect(targetRequests(20 * miB, 24 * miB)).toEqual({ puts: 5, heads: 1 });
  });
});

describe('the cost of a plan', () => {
  const totals = {
    moved: { units: 1, blobs: 1, bytes: 2e9, targetBytes: 3e9 },
    requests: { lists: 10_000, sourceHeads: 5_000, reads: 15_000, puts: 2_000, targetHeads: 1_000 },
  };
  const prices = {
    ...defaultPrices,
    source: { readsPer10000: 1, listsPer10000: 2, egressPerGB: 10 },
    target: { headsPer1000: 3, classes: { STANDARD: { putsPer1000: 4, storagePerGBMonth: 5 } } },
  };

  it('is that of reads, lists, egress and requests; storage goes on every month', () => {
    expect(planCost(totals, prices, 'STANDARD')).toEqual({
      ...{ reads: 2, lists: 2, egress: 20, targetRequests: 11, total: 35, storagePerMonth: 15 },
    });
  });

  it('is unknown when the price list lacks the storage class', () => {
    expect(planCost(totals, prices, 'GLACIER')).toBeUndefined();
  });

  it('is calculated with a shipped price list, which is valid', () => {
    expect(pricesSchema.parse(defaultPrices)).toEqual(defaultPrices);
  });
});

function sumsOf(lines: readonly PlannedLine[]) {
  const sums = new PlanSums(1.5);
  for (const line of lines) sums.add(judgeUnit(line, noRange));
  return sums.totals;
}
