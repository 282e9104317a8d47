import { randomUUID } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import { AdaptiveWidth, type WidthBounds } from './adaptive-width.js';
import { ByteBudget } from './byte-budget.js';
import { ThrottledUnits } from './throttled-units.js';
import { SuccessLog } from './success-log.js';
import { UnitTurns } from './unit-turns.js';

/** Runs a unit when its turn comes; first come, first served. */
export type UnitLimit = <T>(move: () => Promise<T>) => Promise<T>;

/** What the slices of one worker process share. */
export interface ProcessResources {
  /** Units being moved at once. */
  readonly units: UnitLimit;
  /** How many those may be at the moment, if nobody has set a number. */
  readonly unitsInFlight: number;
  /** How many they may ever be, if nobody has set a number. */
  readonly unitsInFlightMost: number;
  /** Lets a unit that is suspected of killing its process run alone. */
  readonly turns: UnitTurns;
  /** Requests for source bytes at once. */
  readonly sourceRequests: LimitFunction;
  /** Those of accounts that asked for fewer requests, so that the others always find room. */
  readonly throttledRequests: LimitFunction;
  /** Units in flight whose account asked for fewer requests. */
  readonly throttledUnits: ThrottledUnits;
  /** Bytes held ahead of need. */
  readonly ahead: ByteBudget;
  /** When units of which account and target were done last. */
  readonly successes: SuccessLog;
  /** How often a file with a credential has changed since the process began. */
  readonly renewals: { count: number };
  /** Which process this is, and which ones are known to have died. */
  readonly identity: ProcessIdentity;
}

/**
 * Names a worker process, so that attempts that died with it can be distinguished from those that were only taken over.
 */
export interface ProcessIdentity {
  /** Random. */
  readonly token: string;
  /** Reports whether the parent of this process saw the one with this token die. */
  readonly sawDie: (token: string) => boolean;
}

/** Process resources whose limit of units can be changed. */
export interface LimitedProcess extends ProcessResources {
  readonly units: LimitFunction;
  readonly width: AdaptiveWidth;
}

const unitsInFlightDefault = 16;
// At 30 ms a request, about 20 in flight keep a core busy; at 120 ms, about 70.
const sourceRequestsInFlight = 64;
// Half of the slices that a process works on, and half of their units.
const throttledShare = 0.5;
const throttledSlices = 2;
const aheadBytesDefault = 128 * 1024 * 1024;

/**
 * Makes the shared resources of a worker process. Moving takes at most `unitsInFlight` × (one part + three segments + 1
 * MiB of a doubtful blob) plus `aheadBytes` of memory, and about 16 MiB of shared listings for each slice: 16 × 12 MiB
 * + 128 MiB + 4 × 16 MiB with 16 units, whatever the number and size of blobs, units and objects.
 */
export function createProcessResources(options: {
  /** A number, or bounds between which it is to be found. */
  readonly unitsInFlight?: number | WidthBounds | undefined;
  readonly aheadBytes?: number | undefined;
  /** Chosen by the parent of the process, if it has one. */
  readonly token?: string | undefined;
  /** Knows which processes the parent saw die; without a parent nobody does. */
  readonly sawDie?: ((token: string) => boolean) | undefined;
}): LimitedProcess {
  const { unitsInFlight = unitsInFlightDefault } = options;
  const fixed = (units: number): WidthBounds => ({ least: units, most: units, memoryBytesMax: Infinity });
  const width = new AdaptiveWidth(typeof unitsInFlight === 'number' ? fixed(unitsInFlight) : unitsInFlight);
  return {
    units: pLimit(width.width),
    width,
    get unitsInFlight() {
      return width.width;
    },
    unitsInFlightMost: width.bounds.most,
    turns: new UnitTurns(),
    sourceRequests: pLimit(sourceRequestsInFlight),
    throttledRequests: pLimit(sourceRequestsInFlight * throttledShare),
    throttledUnits: new ThrottledUnits({
      units: Math.max(1, Math.floor(width.bounds.least * throttledShare)),
      slices: throttledSlices,
    }),
    ahead: new ByteBudget(options.aheadBytes ?? aheadBytesDefault),
    successes: new SuccessLog(),
    renewals: { count: 0 },
    identity: { token: options.token ?? randomUUID(), sawDie: options.sawDie ?? (() => false) },
  };
}
