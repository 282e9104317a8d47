import type { Slice } from './layout.js';

/** Id of the root workflow: `migration/orders`. */
export const rootWorkflowId = (name: string): string => `migration/${name}`;

/** Id of a partition's workflow: `migration/orders/r0000/p0007`. */
export const partitionWorkflowId = (name: string, round: number, partition: number): string =>
  `${rootWorkflowId(name)}/${roundId(round)}/${partitionId(partition)}`;

/** `r0000` */
export const roundId = (round: number): string => `r${padded(round)}`;

/** `p0007` */
export const partitionId = (partition: number): string => `p${padded(partition)}`;

/** `s0003`; also the id of the slice's activity. */
export const sliceId = (slice: number): string => `s${padded(slice)}`;

/** `p0007/s0003`, for people and heartbeats. */
export const sliceLabel = (slice: Pick<Slice, 'partition' | 'slice'>): string =>
  `${partitionId(slice.partition)}/${sliceId(slice.slice)}`;

/** `units 15500–15999`, the range as people read it. */
export const rangeLabel = (firstUnit: number, units: number): string =>
  `units ${String(firstUnit)}–${String(firstUnit + units - 1)}`;

/** Task queue of control activities, served by every worker, so that they never wait behind slices. */
export const controlTaskQueue = (taskQueue: string): string => `${taskQueue}-control`;

const padded = (number: number): string => String(number).padStart(4, '0');
