import type { LimitsDefinition } from '../../domain/definition.js';
import { hasTooManyFailures } from '../../domain/failed-units-limit.js';
import type { Progress } from '../../domain/progress.js';
import { finishedUnits } from '../../domain/tally.js';
import { keyOf } from './sum-progress.js';

/** A round signals its root at most this often: each signal costs it about six events. */
export const signalsMax = 500;

const share = 0.005;

/** What was signalled last, as it travels from one attempt of `observe` to the next. */
export interface Signalled {
  readonly count: number;
  readonly finished: number;
  readonly blocked: readonly string[];
  /** Whether more units had failed than the migration allows. */
  readonly tooMany?: boolean;
}

export const nothingSignalled: Signalled = { count: 0, finished: 0, blocked: [] };

/**
 * Decides whether the root should hear of these figures: at each half percent, at each change of what blocks, when too many units have
 * failed; at most
 * {@link signalsMax} times. Gives the new state where it should, undefined where not.
 */
export function nextSignal(
  before: Signalled,
  progress: Progress,
  limit?: LimitsDefinition['failedUnits'],
): Signalled | undefined {
  if (before.count >= signalsMax) return undefined;
  const finished = finishedUnits(progress.tally);
  const blocked = progress.blocked.map(keyOf).sort();
  const step = Math.max(1, Math.ceil(progress.total * share));
  const moved = finished - before.finished >= step;
  const changed = blocked.join('\n') !== before.blocked.join('\n');
  const tooMany = limit !== undefined && hasTooManyFailures(limit, progress.tally);
  const fails = tooMany && before.tooMany !== true;
  return moved || changed || fails ? { count: before.count + 1, finished, blocked, tooMany } : undefined;
}
