/** How the units of a migration are divided. It depends on their number alone; `start` plans it once and stores it. */
export interface Layout {
  readonly units: number;
  readonly unitsPerSlice: number;
  readonly slicesPerPartition: number;
  readonly slices: number;
  readonly partitions: number;
}

/** A range of consecutive units within a partition. */
export interface Slice {
  readonly partition: number;
  /** Its number within the partition, from 0. */
  readonly slice: number;
  readonly firstUnit: number;
  readonly units: number;
}

/** The most units of a migration: 500 partitions of 400 slices of 1,000 units. `check` and `start` refuse more. */
export const unitsMax = 200_000_000;

const slicesWanted = 512;
const unitsPerSliceMin = 8;
const unitsPerSliceMax = 1_000;
const partitionsMax = 500;
const slicesPerPartitionMin = 4;

/**
 * Returns the layout of a migration of `units` units (1 to {@link unitsMax}). It does not depend on the workers, so a
 * resume on other machines finds the same slices.
 */
export function planLayout(units: number): Layout {
  if (!Number.isSafeInteger(units) || units < 1 || units > unitsMax) {
    throw new RangeError(`a migration has 1 to ${String(unitsMax)} units, not ${String(units)}`);
  }
  const unitsPerSlice = Math.min(Math.max(Math.ceil(units / slicesWanted), unitsPerSliceMin), unitsPerSliceMax);
  const slices = Math.ceil(units / unitsPerSlice);
  const slicesPerPartition = Math.max(slicesPerPartitionMin, Math.ceil(slices / partitionsMax));
  return { units, unitsPerSlice, slicesPerPartition, slices, partitions: Math.ceil(slices / slicesPerPartition) };
}

/**
 * Returns how many slices of one partition are scheduled at once. They are enough to occupy any number of workers,
 * whose slots decide how many slices run, and few enough to keep the state of a partition small.
 */
export function slicesScheduledMax({ partitions }: Pick<Layout, 'partitions'>): number {
  return Math.max(1, Math.ceil(slicesWanted / partitions));
}

/** Returns the slices of one partition, in order. */
export function partitionSlices(layout: Layout, partition: number): readonly Slice[] {
  const first = partition * layout.slicesPerPartition;
  const end = Math.min(first + layout.slicesPerPartition, layout.slices);
  const slices: Slice[] = [];
  for (let number = first; number < end; number += 1) {
    const firstUnit = number * layout.unitsPerSlice;
    slices.push({
      partition,
      slice: number - first,
      firstUnit,
      units: Math.min(layout.unitsPerSlice, layout.units - firstUnit),
    });
  }
  return slices;
}

/** Returns the slice that holds the unit with this index. */
export function sliceOfUnit(layout: Layout, index: number): Slice {
  const number = Math.floor(index / layout.unitsPerSlice);
  const slice = partitionSlices(layout, Math.floor(number / layout.slicesPerPartition))[
    number % layout.slicesPerPartition
  ];
  if (slice === undefined || index >= layout.units) {
    throw new RangeError(`no slice holds unit ${String(index)} of ${String(layout.units)}`);
  }
  return slice;
}
