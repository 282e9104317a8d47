import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionSlices, planLayout, sliceOfUnit, unitsMax } from '../../../src/domain/layout.js';

const edges = [1, 7, 8, 9, 4_096, 4_097, 511_999, 512_000, 512_001, 1_999_999, 2_000_001, unitsMax - 1, unitsMax];
const numbersOfUnits = fc.oneof(
  fc.integer({ min: 1, max: unitsMax }),
  fc.integer({ min: 1, max: 10_000 }),
  fc.constantFrom(...edges),
);

describe('the layout of any number of units', () => {
  it('stays within its bounds', () => {
    fc.assert(
      fc.property(numbersOfUnits, (units) => {
        const layout = planLayout(units);
        expect(layout.unitsPerSlice).toBeGreaterThanOrEqual(8);
        expect(layout.unitsPerSlice).toBeLessThanOrEqual(1_000);
        expect(layout.slicesPerPartition).toBeGreaterThanOrEqual(4);
        expect(layout.slicesPerPartition).toBeLessThanOrEqual(400);
        expect(layout.partitions).toBeGreaterThanOrEqual(1);
        expect(layout.partitions).toBeLessThanOrEqual(500);
      }),
      { numRuns: 500, examples: edges.map((units) => [units]) },
    );
  });

  it('covers every unit exactly once, in order, with slices that are not empty', () => {
    fc.assert(
      fc.property(numbersOfUnits, (units) => {
        const layout = planLayout(units);
        let next = 0;
        let slices = 0;
        let bad = 0;
        for (let partition = 0; partition < layout.partitions; partition += 1) {
          const own = partitionSlices(layout, partition);
          if (own.length === 0) bad += 1;
          for (const [position, slice] of own.entries()) {
            const asExpected =
              slice.partition === partition &&
              slice.slice === position &&
              slice.firstUnit === next &&
              slice.units >= 1 &&
              slice.units <= layout.unitsPerSlice;
            if (!asExpected) bad += 1;
            next += slice.units;
            slices += 1;
          }
        }
        expect({ next, slices, bad }).toEqual({ next: units, slices: layout.slices, bad: 0 });
        expect(partitionSlices(layout, layout.partitions)).toEqual([]);
      }),
      { numRuns: 60, examples: edges.map((units) => [units]) },
    );
  });

  it('finds the slice of any unit', () => {
    fc.assert(
      fc.property(numbersOfUnits, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (units, share) => {
        const index = Math.floor(units * share);
        const slice = sliceOfUnit(planLayout(units), index);
        expect(slice.firstUnit).toBeLessThanOrEqual(index);
        expect(slice.firstUnit + slice.units).toBeGreaterThan(index);
        expect(partitionSlices(planLayout(units), slice.partition)[slice.slice]).toEqual(slice);
      }),
      { numRuns: 500 },
    );
  });
});
