import { describe, expect, it } from 'vitest';
import { partitionSlices, planLayout, sliceOfUnit, unitsMax } from '../../../src/domain/layout.js';

describe('planLayout', () => {
  it.each([
    { units: 1, unitsPerSlice: 8, slices: 1, slicesPerPartition: 4, partitions: 1 },
    { units: 8, unitsPerSlice: 8, slices: 1, slicesPerPartition: 4, partitions: 1 },
    { units: 9, unitsPerSlice: 8, slices: 2, slicesPerPartition: 4, partitions: 1 },
    { units: 33, unitsPerSlice: 8, slices: 5, slicesPerPartition: 4, partitions: 2 },
    { units: 300, unitsPerSlice: 8, slices: 38, slicesPerPartition: 4, partitions: 10 },
    { units: 4_096, unitsPerSlice: 8, slices: 512, slicesPerPartition: 4, partitions: 128 },
    { units: 4_097, unitsPerSlice: 9, slices: 456, slicesPerPartition: 4, partitions: 114 },
    { units: 512_000, unitsPerSlice: 1_000, slices: 512, slicesPerPartition: 4, partitions: 128 },
    { units: 5_000_000, unitsPerSlice: 1_000, slices: 5_000, slicesPerPartition: 10, partitions: 500 },
    { units: unitsMax, unitsPerSlice: 1_000, slices: 200_000, slicesPerPartition: 400, partitions: 500 },
  ])('divides $units units', (layout) => {
    expect(planLayout(layout.units)).toEqual(layout);
  });

  it.each([0, -1, 1.5, NaN, Infinity, unitsMax + 1])('refuses %s units', (units) => {
    expect(() => planLayout(units)).toThrow(RangeError);
  });
});

describe('partitionSlices', () => {
  it('numbers slices inside their partition and shortens the last one', () => {
    expect(partitionSlices(planLayout(34), 1)).toEqual([{ partition: 1, slice: 0, firstUnit: 32, units: 2 }]);
    expect(partitionSlices(planLayout(34), 0).map(({ slice, firstUnit, units }) => [slice, firstUnit, units])).toEqual([
      [0, 0, 8],
      [1, 8, 8],
      [2, 16, 8],
      [3, 24, 8],
    ]);
  });
});

describe('sliceOfUnit', () => {
  it.each([-1, 34, 10_000])('has no slice for unit %s of 34', (index) => {
    expect(() => sliceOfUnit(planLayout(34), index)).toThrow(RangeError);
  });
});
