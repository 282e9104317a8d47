import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureClasses, type FailureClass } from '../../../src/domain/failure-classes.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { Distribution } from '../../../src/reporting/distribution.js';
import { SizeClasses } from '../../../src/reporting/size-classes.js';
import { TopList } from '../../../src/reporting/top-list.js';
import { UnitSums, type UnitStanding } from '../../../src/reporting/unit-sums.js';
import { WorkSums } from '../../../src/reporting/work-sums.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';

const classes = Object.keys(failureClasses) as FailureClass[];
// The bounds of the classes, too, which chance would hardly find.
const size = fc.oneof(fc.nat(2_000), fc.nat(2 ** 40), fc.constantFrom(999, 1_000, 10_000, 1_000_000));
const receipt = fc
  .record({
    state: fc.constantFrom('done', 'found', 'empty', 'failed'),
    class: fc.constantFrom(...classes),
    blobs: fc.nat(50),
    bytes: fc.record({ source: size, raw: size, target: size }),
    ms: fc.option(fc.nat(10_000_000)),
    retries: fc.dictionary(fc.constantFrom(...classes), fc.integer({ min: 1, max: 9 }), { maxKeys: 3 }),
    skipped: fc.nat(3),
    parts: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ ms, retries, skipped, parts, class: failureClass, ...rest }): Receipt => ({
    ...smallReceipt(0),
    ...rest,
    ...(rest.state === 'failed' && { class: failureClass }),
    target: { etag: '"e"', checksum: null, parts },
    ...(ms !== null && { took: { ms, retries } }),
    skipped: Array.from({ length: skipped }, () => ({ blob: 'b', class: 'CorruptInput' as const, message: '' })),
  }));
const receipts = fc.array(receipt, { maxLength: 80 }).map((all) => all.map((each, index) => ({ ...each, index })));
const isInPlace = ({ state }: Receipt): boolean => state === 'done' || state === 'found';
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe('the sums of a report', () => {
  it('of units are those of a plain count', () => {
    fc.assert(
      fc.property(receipts, (all) => {
        const sums = new UnitSums();
        for (const each of all) sums.add(standing(each));
        const inPlace = all.filter(isInPlace);
        const failed = all.filter(({ state }) => state === 'failed');
        expect(sums.units).toEqual({
          done: inPlace.length,
          found: all.filter(({ state }) => state === 'found').length,
          empty: all.filter(({ state }) => state === 'empty').length,
          failed: failed.length,
        });
        expect(sums.objects).toEqual({
          count: inPlace.length,
          blobs: sum(inPlace.map(({ blobs }) => blobs)),
          bytes: {
            source: sum(inPlace.map(({ bytes }) => bytes.source)),
            raw: sum(inPlace.map(({ bytes }) => bytes.raw)),
            target: sum(inPlace.map(({ bytes }) => bytes.target)),
          },
          outdated: 0,
          incomplete: inPlace.filter(({ skipped }) => skipped.length > 0).length,
          skippedBlobs: sum(inPlace.map(({ skipped }) => skipped.length)),
        });
        expect(sums.failed).toEqual({
          blobs: sum(failed.map(({ blobs }) => blobs)),
          bytes: sum(failed.map(({ bytes }) => bytes.source)),
        });
        for (const each of sums.failures) {
          const same = failed.filter((one) => one.class === each.class);
          expect(each.units).toBe(same.length);
          expect(each.first.map(({ id }) => id)).toEqual(same.slice(0, 5).map(({ id }) => id));
        }
        expect(sum(sums.failures.map(({ units }) => units))).toBe(failed.length);
        const largest = inPlace.map(({ bytes }) => bytes.source).sort((a, b) => b - a);
        expect(sums.largest.map(({ bytes }) => bytes.source)).toEqual(largest.slice(0, 10));
      }),
    );
  });

  it('of the work of all rounds are those of a plain count', () => {
    fc.assert(
      fc.property(receipts, (all) => {
        const sums = new WorkSums();
        for (const each of all) sums.add(0, each);
        const timed = all.filter(({ took }) => took !== undefined);
        const moved = all.filter(({ state }) => state === 'done');
        const several = moved.filter(({ target }) => target!.parts > 1);
        expect(sums.slowest.map(({ seconds }) => seconds)).toEqual(
          timed
            .map(({ took }) => took!.ms / 1_000)
            .sort((a, b) => b - a)
            .slice(0, 10),
        );
        const requests = timed.flatMap(({ took }) => Object.values(took!.retries ?? {}));
        expect(sums.retries).toMatchObject({
          recordedUnits: timed.length,
          units: timed.filter(({ took }) => Object.keys(took!.retries ?? {}).length > 0).length,
          requests: sum(requests),
        });
        for (const each of sums.retries.classes) {
          const having = timed.filter(({ took }) => took!.retries?.[each.class] !== undefined);
          expect(each).toEqual({
            class: each.class,
            requests: sum(having.map(({ took }) => took!.retries![each.class]!)),
            units: having.length,
          });
        }
        expect(sums.movedBytes).toBe(sum(moved.map(({ bytes }) => bytes.source)));
        expect(sums.requests).toEqual({
          lists: all.length,
          sourceHeads: 0,
          reads: sum(moved.map(({ blobs }) => blobs)),
          puts: sum(moved.map(({ target }) => (target!.parts > 1 ? target!.parts + 2 : 1))),
          targetHeads: several.length + all.filter(({ state }) => state === 'found').length,
        });
      }),
    );
  });
});

describe('sizes', () => {
  it('are counted by their order of magnitude', () => {
    fc.assert(
      fc.property(fc.array(size), (values) => {
        const sizes = new SizeClasses();
        for (const value of values) sizes.add(value);
        expect(sum(sizes.classes.map(({ count }) => count))).toBe(values.length);
        for (const { from, below, count, sum: together } of sizes.classes) {
          const inside = values.filter((value) => value >= from && value < below);
          expect([count, together]).toEqual([inside.length, sum(inside)]);
        }
      }),
    );
  });

  it('spread as they do when they are sorted, to within 4 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1 }), (values) => {
        const distribution = new Distribution();
        for (const value of values) distribution.add(value);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(0.9 * sorted.length) - 1]!;
        const { p90, largest } = distribution.figures!;
        expect(largest).toBe(sorted.at(-1));
        expect(p90).toBeGreaterThanOrEqual(Math.floor(exact * 0.96) - 1);
        expect(p90).toBeLessThanOrEqual(Math.ceil(exact * 1.04) + 1);
      }),
    );
  });
});

describe('a list of the highest', () => {
  it('is the beginning of the sorted list, of equals the first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 5 }), (values, max) => {
        const top = new TopList<number>(max);
        for (const [position, value] of values.entries()) top.add(position, value);
        const sorted = values.map((value, position) => ({ value, position })).sort((a, b) => b.value - a.value);
        expect(top.items).toEqual(sorted.slice(0, max).map(({ position }) => position));
      }),
    );
  });
});

function standing(receipt: Receipt): UnitStanding {
  return { newest: { round: 0, receipt }, proof: isInPlace(receipt) ? { receipt } : undefined };
}
