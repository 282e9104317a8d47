import { emptyTally, finishedUnits, type Tally } from '../../domain/tally.js';
import type { Blocked } from '../../domain/progress.js';
import type { CarriedThing, MigrationFailure, PartitionDone } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';
import { packDone, unpackDone } from './done-slices.js';

/** Where a partition stands, as plain data. Only {@link stepPartition} makes a new one of it. */
export interface PartitionState {
  readonly partition: number;
  /** Slices scheduled at once. */
  readonly scheduledMax: number;
  /** By number. */
  readonly slices: readonly SliceState[];
  /** Each has a slice that it blocks, or that tries for it now. */
  readonly things: readonly Thing[];
  readonly directives: PartitionDirectives;
  /** Of the complete slices. */
  readonly tally: Tally;
  /** When the earliest wake-up is due that has been asked for and not come. */
  readonly wakeAtMs?: number;
  /** Revision of the directives under which nothing has run last. */
  readonly rest?: number;
  /** The history is long: nothing more is scheduled, and the partition continues as new once nothing runs. */
  readonly isLong: boolean;
  /** It ends so once nothing runs. */
  readonly ending?: 'cancelled' | MigrationFailure;
}

/** A slice, and what is known of it. */
export interface SliceState {
  readonly place: Place;
  /** Of its last attempt. */
  readonly tally: Tally;
  /** Attempts in a row that finished no unit. */
  readonly vain: number;
}

/** Where a slice is. */
export type Place =
  /** May be scheduled: a lower turn goes first. */
  | { readonly at: 'ready'; readonly turn: number }
  /** `canaryOf` names the thing that it tries for, on behalf of `units` and of all others that it blocks. */
  | { readonly at: 'running'; readonly canaryOf?: string; readonly units: number }
  | { readonly at: 'blocked'; readonly by: string; readonly units: number }
  | { readonly at: 'waiting'; readonly untilMs: number; readonly waits: readonly Blocked[] }
  | { readonly at: 'complete' };

/** Something that blocks: an account, the target, the control bucket. */
export interface Thing extends Omit<Blocked, 'units'> {
  /** Canaries that were refused. */
  readonly tries: number;
  /** When the next canary may go. */
  readonly nextTryMs: number;
}

/** Lower goes first: what was interrupted, then what was not tried yet, then what was blocked, then what has waited. */
export const turns = { interrupted: -1, untried: 0, released: 1, waited: 2 } as const;

/** Returns the state in which a partition begins, or continues as new. */
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

// The input of a workflow is meant to stay below 2 KiB. What is not carried is found out again, by one attempt of each
// slice.
const thingsCarriedMax = 4;
const messageCarriedMax = 100;

/** Returns what a partition takes along when it continues as new. Nothing of it runs then. */
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

/** Returns how many units a thing keeps from being moved, for all that is known. */
export function unitsKeptBy({ slices }: Pick<PartitionState, 'slices'>, what: string): number {
  return slices.reduce((sum, { place }) => sum + (keeps(what, place) ? unitsOf(place) : 0), 0);
}

/** Tells whether a thing blocks this slice, or the slice tries for it now. */
export function keeps(what: string, place: Place): boolean {
  return place.at === 'blocked' ? place.by === what : place.at === 'running' && place.canaryOf === what;
}

const unitsOf = (place: Place): number => ('units' in place ? place.units : 0);

/** Tells whether an attempt has finished a unit that the one before had not. */
export function hasProgress({ tally: before }: Pick<SliceState, 'tally'>, after: Tally): boolean {
  return finishedUnits(after) > finishedUnits(before);
}
