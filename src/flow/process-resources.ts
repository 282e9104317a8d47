import pLimit, { type LimitFunction } from 'p-limit';
import { ByteBudget } from './byte-budget.js';
import { UnitTurns } from './unit-turns.js';

/** What all slices of one worker process share. */
export interface ProcessResources {
  /** Units being moved at once. */
  readonly units: LimitFunction;
  readonly unitsInFlight: number;
  /** Lets a unit of a slice in careful mode be alone in the process. */
  readonly turns: UnitTurns;
  /** Requests for source bytes at once. */
  readonly sourceRequests: LimitFunction;
  /** Bytes held ahead of need. */
  readonly ahead: ByteBudget;
}

// At 30 ms a request about 20 in flight keep a core busy, at 120 ms about 70; a unit of ten blobs has several under way itself.
const unitsInFlightDefault = 16;
const sourceRequestsInFlight = 64;
const aheadBytesDefault = 128 * 1024 * 1024;

/**
 * Makes the shared resources of a worker process. Memory for moving is at most `unitsInFlight` × (one part + three segments + 1 MiB of a blob
 * in doubt) plus `aheadBytes`: 16 × 12 MiB + 128 MiB by default, whatever the number and size of blobs, units and objects.
 */
export function createProcessResources(options: {
  readonly unitsInFlight?: number | undefined;
  readonly aheadBytes?: number | undefined;
}): ProcessResources {
  const unitsInFlight = options.unitsInFlight ?? unitsInFlightDefault;
  return {
    units: pLimit(unitsInFlight),
    unitsInFlight,
    turns: new UnitTurns(),
    sourceRequests: pLimit(sourceRequestsInFlight),
    ahead: new ByteBudget(options.aheadBytes ?? aheadBytesDefault),
  };
}
