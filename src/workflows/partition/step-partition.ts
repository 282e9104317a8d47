import type { SliceResult } from '../../domain/figures/slice-report.js';
import { addTallies } from '../../domain/figures/tally.js';
import type { MigrationFailure } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';
import { arrangePartition } from './arrange-partition.js';
import type { PartitionCommand } from './partition-command.js';
import { hasProgress, turns, type PartitionState, type Place, type SliceState, type Thing } from './partition-state.js';
import { blockedDelayMs, vainDelayMs, waitDelayMs } from './retry-delay.js';

/** What happens to a partition. */
export type PartitionEvent =
  | { readonly kind: 'begun' }
  | { readonly kind: 'ended'; readonly slice: number; readonly result: SliceResult }
  /** The slice was interrupted and returned nothing: it was queued, it failed, or its worker died. */
  | { readonly kind: 'interrupted'; readonly slice: number }
  | { readonly kind: 'failed'; readonly slice: number; readonly failure: MigrationFailure }
  | { readonly kind: 'told'; readonly directives: PartitionDirectives }
  /** Some worker has seen a file with a credential change. */
  | { readonly kind: 'renewed' }
  | { readonly kind: 'woken' }
  | { readonly kind: 'history-is-long' }
  | { readonly kind: 'cancelled' };

/**
 * Takes one event of a partition, at `nowMs` (milliseconds since 1970), and returns the next state and what to do now.
 * It is pure, so that a model test can play events in every order. At most `scheduledMax` slices are scheduled, and
 * none while the partition is paused. What blocks holds up the slices that met it; if it is the target or the control
 * bucket, it holds up all slices. For each thing that blocks, one canary at a time tries whether it still does.
 */
export function stepPartition(
  state: PartitionState,
  event: PartitionEvent,
  nowMs: number,
): readonly [PartitionState, readonly PartitionCommand[]] {
  const [changed, first] = apply(state, event, nowMs);
  const [arranged, then] = arrangePartition(changed, nowMs);
  return [arranged, [...first, ...then]];
}

type Step = readonly [PartitionState, readonly PartitionCommand[]];

function apply(state: PartitionState, event: PartitionEvent, nowMs: number): Step {
  switch (event.kind) {
    case 'begun':
      return [state, []];
    case 'ended':
      return [ended(state, event.slice, event.result, nowMs), []];
    case 'interrupted':
      return [interrupted(state, event.slice), []];
    case 'failed': {
      const back = interrupted(state, event.slice);
      return [{ ...back, ending: state.ending ?? event.failure }, [{ kind: 'interrupt-slices' }]];
    }
    case 'told':
      return told(state, event.directives, nowMs);
    case 'renewed':
      return [{ ...state, things: dueNow(state.things, nowMs) }, []];
    case 'woken': {
      const { wakeAtMs: _past, ...rest } = state;
      return [rest, []];
    }
    case 'history-is-long':
      return [{ ...state, isLong: true }, []];
    case 'cancelled':
      return [{ ...state, ending: 'cancelled' }, [{ kind: 'interrupt-slices' }]];
  }
}

function ended(state: PartitionState, slice: number, result: SliceResult, nowMs: number): PartitionState {
  const before = state.slices[slice];
  if (before?.place.at !== 'running') return state;
  const { canaryOf } = before.place;
  const moved = hasProgress(before, result.tally);
  const vain = moved ? 0 : before.vain + 1;
  switch (result.state) {
    case 'complete': {
      const complete = put(state, slice, { place: { at: 'complete' }, tally: result.tally, vain: 0 });
      return free({ ...complete, tally: addTallies(state.tally, result.tally) }, canaryOf);
    }
    case 'partial': {
      // A slice that a pause has stopped may not have tried anything.
      const isConclusive = moved || state.directives.pause === 'none';
      if (!isConclusive) return interrupted(state, slice);
      const delayMs = vainDelayMs(vain);
      const place: Place =
        delayMs === 0
          ? { at: 'ready', turn: turns.interrupted }
          : { at: 'waiting', untilMs: nowMs + delayMs, waits: [] };
      return free(put(state, slice, { place, tally: result.tally, vain }), canaryOf);
    }
    case 'waiting': {
      const untilMs = nowMs + waitDelayMs(result.retryInMs, before.vain);
      const place = { at: 'waiting', untilMs, waits: result.waiting } as const;
      // As a canary it has found out nothing. The next try is still due, so another slice tries at once.
      return put(state, slice, { place, tally: result.tally, vain });
    }
    case 'blocked': {
      const { what, deferred: units, tally } = result;
      const blocked = put(state, slice, { place: { at: 'blocked', by: what, units }, tally, vain: 0 });
      return noteBlocked(blocked, result, { wasRefused: canaryOf === what, nowMs });
    }
  }
}

/** Puts a slice back where it was before it ran. */
function interrupted(state: PartitionState, slice: number): PartitionState {
  const before = state.slices[slice];
  if (before?.place.at !== 'running') return state;
  const { canaryOf, units } = before.place;
  const place: Place =
    canaryOf === undefined ? { at: 'ready', turn: turns.interrupted } : { at: 'blocked', by: canaryOf, units };
  return put(state, slice, { ...before, place });
}

function told(state: PartitionState, directives: PartitionDirectives, nowMs: number): Step {
  if (directives.revision <= state.directives.revision) return [state, []];
  const interrupts = directives.pause === 'now' && state.directives.pause !== 'now';
  const retries = directives.retry > state.directives.retry;
  const next = { ...state, directives };
  return [retries ? atOnce(next, nowMs) : next, interrupts ? [{ kind: 'interrupt-slices' }] : []];
}

/** Makes everything due now that is blocked or waits. */
function atOnce(state: PartitionState, nowMs: number): PartitionState {
  return {
    ...state,
    things: dueNow(state.things, nowMs),
    slices: state.slices.map((slice) =>
      slice.place.at === 'waiting' ? { ...slice, vain: 0, place: { ...slice.place, untilMs: nowMs } } : slice,
    ),
  };
}

function dueNow(things: readonly Thing[], nowMs: number): readonly Thing[] {
  return things.map((thing) => ({ ...thing, tries: 0, nextTryMs: nowMs }));
}

function noteBlocked(
  state: PartitionState,
  { what, class: failureClass, message }: Extract<SliceResult, { state: 'blocked' }>,
  { wasRefused, nowMs }: { readonly wasRefused: boolean; readonly nowMs: number },
): PartitionState {
  const known = state.things.find((thing) => thing.what === what);
  const tries = (known?.tries ?? 0) + (wasRefused ? 1 : 0);
  const thing: Thing = {
    ...{ what, class: failureClass, message, tries },
    since: known?.since ?? new Date(nowMs).toISOString(),
    nextTryMs: known === undefined || wasRefused ? nowMs + blockedDelayMs(state.partition, tries) : known.nextTryMs,
  };
  return { ...state, things: [...state.things.filter((other) => other.what !== what), thing] };
}

/** Forgets a thing whose canary got through, and releases the slices that it blocked. */
function free(state: PartitionState, what: string | undefined): PartitionState {
  if (what === undefined) return state;
  return {
    ...state,
    things: state.things.filter((thing) => thing.what !== what),
    slices: state.slices.map((slice) =>
      slice.place.at === 'blocked' && slice.place.by === what
        ? { ...slice, place: { at: 'ready', turn: turns.released } }
        : slice,
    ),
  };
}

function put(state: PartitionState, slice: number, put: SliceState): PartitionState {
  return { ...state, slices: state.slices.with(slice, put) };
}
