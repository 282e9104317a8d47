import { addTallies } from '../../domain/figures/tally.js';
import type { PartitionMemo, SlicesAnswer } from '../messages.js';
import { blockedList } from './blocked-list.js';
import { unitsKeptBy, type PartitionState, type Place } from './partition-state.js';

/** Returns the memo of a partition. */
export function partitionMemo(state: PartitionState): PartitionMemo {
  const idle = state.slices.filter(({ place }) => place.at !== 'complete' && place.at !== 'running');
  const waiting = blockedList(idle.flatMap(({ place }) => (place.at === 'waiting' ? place.waits : [])));
  return {
    tally: idle.reduce((sum, { tally }) => addTallies(sum, tally), state.tally),
    blocked: blockedList(
      state.things.map(({ what, class: failureClass, message, since }) => ({
        ...{ what, class: failureClass, message, since },
        units: unitsKeptBy(state, what),
      })),
    ),
    ...(waiting.length > 0 && { waiting }),
    ...(state.rest !== undefined && { rest: state.rest }),
  };
}

/** Returns which slices of a partition are complete, running or idle. */
export function slicesAnswer({ slices }: Pick<PartitionState, 'slices'>): SlicesAnswer {
  const numbersAt = (...at: readonly Place['at'][]) =>
    [...slices.keys()].filter((slice) => at.includes(slices[slice]?.place.at ?? 'complete'));
  return {
    of: slices.length,
    complete: numbersAt('complete').length,
    running: numbersAt('running'),
    waiting: numbersAt('blocked', 'waiting'),
  };
}
