import { emptyTally, finishedUnits, type Tally } from '../../domain/figures/tally.js';
import type { Blocked } from '../../domain/figures/progress.js';
import type { CarriedThing, MigrationFailure, PartitionDone } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';
import { packDone, unpackDone } from './done-slices.js';

/** How far a partition is, as plain data. Only `stepPartition` makes the next state from it. */
export interface PartitionState {
  readonly partition: number;
  /** At most this many slices are scheduled at once. */
  readonly scheduledMax: number;
  /** Indexed by the number of the slice. */
  readonly slices: readonly SliceState[];
  /** What blocks. Each thing holds up at least one slice, or a canary runs for it. */
  readonly things: readonly Thing[];
  readonly directives: PartitionDirectives;
  /** The tally of the complete slices. */
  readonly tally: Tally;
  /** When the earliest timer that has not fired yet is due. */
  readonly wakeAtMs?: number;
  /** Revision of the directives under which it last came to rest. */
  readonly rest?: number;
  /** Whether the history is long: then nothing is scheduled, and the partition continues as new once nothing runs. */
  readonly isLong: boolean;
  /** How the partition ends once nothing runs. */
  readonly ending?: 'cancelled' | MigrationFailure;
}

/** What is known about a slice. */
export interface SliceState {
  readonly place: Place;
  /** The tally of its last attempt. */
  readonly tally: Tally;
  /** How many attempts in a row finished no unit. */
  readonly vain: number;
}

/** Where a slice is. */
export type Place =
  /** It may be scheduled. Lower turns go first. */
  | { readonly at: 'ready'; readonly turn: number }
  /**
   * `canaryOf` names the thing that it tries out, if it is a canary; `units` is how many of its own units wait for it.
   */
  | { readonly at: 'running'; readonly canaryOf?: string; readonly units: number }
  | { readonly at: 'blocked'; readonly by: string; readonly units: number }
  | { readonly at: 'waiting'; readonly untilMs: number; readonly waits: readonly Blocked[] }
  | { readonly at: 'complete' };

/** Something that blocks: an account, the target, the control bucket. */
export interface Thing extends Omit<Blocked, 'units'> {
  /** How many canaries were refused. */
  readonly tries: number;
  /** When the next canary may go, in milliseconds since 1970. */
  readonly nextTryMs: number;
}

/** The order of ready slices: interrupted ones first, then untried ones, then released ones, then those that waited. */
export const turns = { interrupted: -1, untried: 0, released: 1, waited: 2 } as const;

/** Returns the state in which a partition starts or continues as new. */
export function initialPartition(start: {
  readonly partition: number;
  readonly slices: number;
  readonly scheduledMax: number;
  readonly directives: PartitionDirectives;
  readonly done?: PartitionDone | undefined;
  readonly blocked?: readonly CarriedThing[] | undefined;
}): PartitionState {
  const { partition, scheduledMax, directives, done, blocked = [] } = start;
  const complete = unpackDone(done?.slices ?? '');
  const places = Array.from({ length: start.slices }, (_, slice): Place =>
    complete.has(slice) ? { at: 'complete' } : { at: 'ready', turn: turns.untried },
  );
  for (const { what, slices, units } of blocked) {
    const [first, ...others] = unpackDone(slices);
    if (first !== undefined) places[first] = { at: 'blocked', by: what, units };
    for (const slice of others) places[slice] = { at: 'blocked', by: what, units: 0 };
  }
  return {
    ...{ partition, scheduledMax, directives, tally: done?.tally ?? emptyTally, isLong: false },
    slices: places.map((place) => ({ place, tally: emptyTally, vain: 0 })),
    things: blocked.map(({ units: _units, slices: _slices, ...thing }) => thing),
  };
}

// These bounds keep the input below about 2 KiB. What is not carried over is found out again, by one attempt per slice.
const thingsCarriedMax = 4;
const messageCarriedMax = 100;

/** Returns what a partition carries over when it continues as new. No slice runs then. */
export function carriedOver(state: PartitionState): {
  readonly done: PartitionDone;
  readonly blocked: readonly CarriedThing[];
} {
  const of = state.slices.length;
  const numbersAt = (is: (place: Place) => boolean) =>
    new Set([...state.slices.keys()].filter((slice) => is(state.slices[slice]?.place ?? { at: 'complete' })));
  return {
    done: {
      slices: packDone(
        numbersAt(({ at }) => at === 'complete'),
        of,
      ),
      tally: state.tally,
    },
    blocked: state.things.slice(0, thingsCarriedMax).map((thing) => ({
      ...thing,
      message: thing.message.slice(0, messageCarriedMax),
      units: unitsKeptBy(state, thing.what),
      slices: packDone(
        numbersAt((place) => place.at === 'blocked' && place.by === thing.what),
        of,
      ),
    })),
  };
}

/** Returns how many units are known to wait for a thing. */
export function unitsKeptBy({ slices }: Pick<PartitionState, 'slices'>, what: string): number {
  return slices.reduce((sum, { place }) => sum + (keeps(what, place) ? unitsOf(place) : 0), 0);
}

/** Tells whether a slice is blocked by a thing, or is its canary. */
export function keeps(what: string, place: Place): boolean {
  return place.at === 'blocked' ? place.by === what : place.at === 'running' && place.canaryOf === what;
}

const unitsOf = (place: Place): number => ('units' in place ? place.units : 0);

/** Tells whether an attempt has finished more units than the one before. */
export function hasProgress({ tally: before }: Pick<SliceState, 'tally'>, after: Tally): boolean {
  return finishedUnits(after) > finishedUnits(before);
}
