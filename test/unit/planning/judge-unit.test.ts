import { describe, expect, it } from 'vitest';
import { changedRecently, judgeUnit, type Usual } from '../../../src/planning/judge-unit.js';
import { Spread } from '../../../src/planning/spread.js';
import { usualRange } from '../../../src/planning/usual-range.js';
import { hourMs, sampleLine } from './sample-line.js';

const usual: Usual = { bytes: { min: 100, max: 10_000 }, blobs: { min: 2, max: 50 }, changesRecently: false };

describe('judging a unit', () => {
  it('finds one ready that is like the others', () => {
    expect(judgeUnit(sampleLine(), usual)).toMatchObject({ verdict: 'ready', reasons: [] });
  });

  it.each([
    ['bytes', { bytes: 99 }, '99 bytes, 100 to 10000 are usual'],
    ['bytes', { bytes: 10_001 }, '10001 bytes, 100 to 10000 are usual'],
    ['blobs', { blobs: 1 }, '1 blobs, 2 to 50 are usual'],
  ])('suspects one whose %s are far from the rest: %j', (_what, more, reason) => {
    expect(judgeUnit(sampleLine(more), usual)).toMatchObject({ verdict: 'suspicious', reasons: [reason] });
  });

  it('suspects one that has the same content twice', () => {
    expect(judgeUnit(sampleLine({ repeated: 1 }), usual).reasons).toEqual(['a blob has the content of another one']);
    expect(judgeUnit(sampleLine({ repeated: 2 }), usual).reasons).toEqual(['2 blobs have the content of another one']);
  });

  it('suspects one that has changed in the hour before, unless most of the others have too', () => {
    const { atMs } = sampleLine();
    const recent = sampleLine({ newestMs: atMs - hourMs + 1 });
    expect(changedRecently(recent)).toBe(true);
    expect(changedRecently(sampleLine({ newestMs: atMs - hourMs }))).toBe(false);
    expect(judgeUnit(recent, usual).reasons).toEqual(['a blob changed less than an hour ago']);
    expect(judgeUnit(recent, { ...usual, changesRecently: true }).verdict).toBe('ready');
  });

  it('says why one would fail, and suspects it of nothing else', () => {
    const line = sampleLine({
      state: 'incomplete',
      class: 'Incomplete',
      message: '3 is missing',
      bytes: 1,
      repeated: 5,
    });
    expect(judgeUnit(line, usual)).toMatchObject({ verdict: 'incomplete', reasons: ['Incomplete: 3 is missing'] });
    expect(judgeUnit(sampleLine({ state: 'empty', blobs: 0 }), usual)).toMatchObject({ verdict: 'empty', reasons: [] });
  });
});

describe('the usual range', () => {
  it('is three times the distance of the quartiles beyond them, in orders of magnitude', () => {
    const range = usualRange(spreadOf([...Array(25).fill(100), ...Array(49).fill(200), ...Array(26).fill(400)]));
    // The quartiles are 100 and 400, a factor of 4; 4 ** 3 is 64.
    expect(range?.min).toBeGreaterThan((100 / 64) * 0.8);
    expect(range?.min).toBeLessThan((100 / 64) * 1.25);
    expect(range?.max).toBeGreaterThan(400 * 64 * 0.8);
    expect(range?.max).toBeLessThan(400 * 64 * 1.25);
  });

  it('leaves a factor of eight when all are alike', () => {
    const range = usualRange(spreadOf(Array(20).fill(1_000)));
    expect(range?.min).toBeCloseTo(125, -1);
    expect(range?.max).toBeGreaterThan(7_800);
    expect(range?.max).toBeLessThan(8_200);
  });

  it('is unknown for fewer than twenty values', () => {
    expect(usualRange(spreadOf(Array(19).fill(1_000)))).toBeUndefined();
  });

  it('is exact to 4 % in a few kilobytes, over fifteen orders of magnitude', () => {
    const spread = spreadOf(Array.from({ length: 1_000 }, (_, each) => 1.035 ** each));
    for (const share of [0.01, 0.25, 0.5, 0.75, 0.99]) {
      const exact = 1.035 ** Math.round(share * 1_000 - 1);
      expect(Math.abs((spread.quantile(share) ?? 0) / exact - 1)).toBeLessThan(0.04);
    }
  });
});

function spreadOf(values: readonly number[]): Spread {
  const spread = new Spread();
  for (const value of values) spread.add(value);
  return spread;
}
