import { addTallies, type Tally } from '../../domain/figures/tally.js';
import type { MigrationFailure } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';
import type { PartitionStanding, RootState } from './root-state.js';

/** What happens to a migration that runs its partitions. */
export type RootEvent =
  | { readonly kind: 'begun' }
  | { readonly kind: 'started'; readonly partition: number }
  /** A partition of an earlier run with the same id is still open. */
  | { readonly kind: 'occupied'; readonly partition: number }
  /** No partition of an earlier run is open any more. */
  | { readonly kind: 'vacated' }
  | { readonly kind: 'completed'; readonly partition: number; readonly tally: Tally }
  | { readonly kind: 'failed'; readonly partition: number; readonly failure: MigrationFailure }
  /** The earlier partitions did not close in time. */
  | { readonly kind: 'given-up'; readonly failure: MigrationFailure }
  | { readonly kind: 'directives'; readonly directives: PartitionDirectives }
  /** Every partition that was open when `tell` was asked for has received the directives, or has ended. */
  | { readonly kind: 'told' }
  | { readonly kind: 'cancelled' };

/** What a migration asks its driver to do. */
export type RootCommand =
  | { readonly kind: 'start'; readonly partition: number; readonly directives: PartitionDirectives }
  /** Waits until no partition of an earlier run is open, especially not this one. */
  | { readonly kind: 'await-vacancy'; readonly partition: number }
  | { readonly kind: 'tell'; readonly directives: PartitionDirectives }
  | { readonly kind: 'cancel-partitions' }
  | { readonly kind: 'end'; readonly as: 'complete' | 'cancelled' | MigrationFailure };

// A workflow task with many hundreds of commands may take longer than the server allows.
const startingMax = 25;

/**
 * Takes one event of a migration and returns the next state and what to do now. It is pure, so that a model test can
 * play events in every order. All partitions are opened, a few at a time. When the directives change, the open
 * partitions are told at once, and those that were starting with older directives are told once they are open. After
 * the first failure, or a cancel, the migration ends as soon as no partition is open.
 */
export function stepRoot(state: RootState, event: RootEvent): readonly [RootState, readonly RootCommand[]] {
  const [changed, first] = apply(state, event);
  const [arranged, then] = arrange(changed);
  return [arranged, [...first, ...then]];
}

type Step = readonly [RootState, readonly RootCommand[]];

function apply(state: RootState, event: RootEvent): Step {
  switch (event.kind) {
    case 'begun':
      return [state, []];
    case 'started': {
      const before = state.partitions[event.partition];
      if (before?.at !== 'starting') return [state, []];
      return [put(state, event.partition, { at: 'open', knows: before.knows, asked: before.knows }), []];
    }
    case 'occupied':
      return [
        { ...put(state, event.partition, { at: 'untried' }), isWaiting: true },
        state.isWaiting || state.ending !== undefined ? [] : [{ kind: 'await-vacancy', partition: event.partition }],
      ];
    case 'vacated':
      return [{ ...state, isWaiting: false }, []];
    case 'completed': {
      const ended = put(state, event.partition, { at: 'ended' });
      return [{ ...ended, tally: addTallies(state.tally, event.tally) }, []];
    }
    case 'failed':
      return endingAs(put(state, event.partition, { at: 'ended' }), event.failure);
    case 'given-up':
      return endingAs({ ...state, isWaiting: false }, event.failure);
    case 'directives':
      return [
        event.directives.revision > state.directives.revision ? { ...state, directives: event.directives } : state,
        [],
      ];
    case 'told':
      return [told(state), []];
    case 'cancelled':
      return endingAs(state, 'cancelled');
  }
}

/** After the first failure or a cancel, other partitions fail only because they were cancelled. */
function endingAs(state: RootState, ending: 'cancelled' | MigrationFailure): Step {
  if (state.ending !== undefined) return [state, []];
  return [{ ...state, ending }, [{ kind: 'cancel-partitions' }]];
}

function told({ telling: revision, ...state }: RootState): RootState {
  if (revision === undefined) return state;
  return {
    ...state,
    told: Math.max(state.told, revision),
    partitions: state.partitions.map((partition) =>
      partition.at === 'open' && partition.asked >= revision ? { ...partition, knows: revision } : partition,
    ),
  };
}

function arrange(state: RootState): Step {
  const { partitions, ending } = state;
  const isOpen = ({ at }: PartitionStanding): boolean => at === 'starting' || at === 'open';
  if (ending !== undefined) return [state, partitions.some(isOpen) ? [] : [{ kind: 'end', as: ending }]];
  if (partitions.every(({ at }) => at === 'ended')) return [state, [{ kind: 'end', as: 'complete' }]];
  const [starting, starts] = startMore(state);
  const [telling, tells] = tellOpen(starting);
  return [telling, [...starts, ...tells]];
}

function startMore(state: RootState): Step {
  if (state.isWaiting) return [state, []];
  const { directives, partitions } = state;
  const free = startingMax - partitions.filter(({ at }) => at === 'starting').length;
  const next = [...partitions.keys()]
    .filter((number) => partitions[number]?.at === 'untried')
    .slice(0, Math.max(0, free));
  const started = next.reduce(
    (before, partition) => put(before, partition, { at: 'starting', knows: directives.revision }),
    state,
  );
  return [started, next.map((partition) => ({ kind: 'start', partition, directives }))];
}

function tellOpen(state: RootState): Step {
  const { directives, telling } = state;
  const { revision } = directives;
  const isBehind = (at: PartitionStanding['at']) => (partition: PartitionStanding) =>
    partition.at === at && 'knows' in partition && partition.knows < revision;
  if (telling !== undefined || !state.partitions.some(isBehind('open'))) return [state, []];
  // At most twice for each revision: the second time waits for all partitions that were starting with older directives.
  if (state.told >= revision && state.partitions.some(isBehind('starting'))) return [state, []];
  const partitions = state.partitions.map((partition) =>
    partition.at === 'open' ? { ...partition, asked: revision } : partition,
  );
  return [{ ...state, partitions, telling: revision }, [{ kind: 'tell', directives }]];
}

function put(state: RootState, partition: number, standing: PartitionStanding): RootState {
  return { ...state, partitions: state.partitions.with(partition, standing) };
}
