import type { LimitsDefinition } from '../../domain/definition.js';
import { hasTooManyFailures } from '../../domain/failed-units-limit.js';
import type { ObservedProgress } from '../../domain/figures/progress.js';
import { finishedUnits } from '../../domain/figures/tally.js';
import { keyOf } from './list-blocked.js';

/** After this many signals in a round, the root gets only the regular ones, because each adds about six events. */
export const signalsMax = 500;

const share = 0.005;
// The page of the migration shows what was signalled last, and half a percent may take hours. In three weeks these are
// a thousand signals.
const regularMs = 30 * 60_000;

/** What was last signalled. The heartbeat carries it from one attempt of `observe` to the next. */
export interface Signalled {
  readonly count: number;
  readonly finished: number;
  /** What blocked, waited, was throttled, or was to end soon. */
  readonly blocked: readonly string[];
  /** Whether more units had failed than the migration allows. */
  readonly tooMany?: boolean;
  readonly rest?: number;
  /** ISO 8601, UTC. */
  readonly at?: string;
}

export const nothingSignalled: Signalled = { count: 0, finished: 0, blocked: [] };

/**
 * Decides whether to signal these figures to the root: the first ones, after each half percent, after each change of
 * what blocks, waits, is throttled or ends soon, when too many units have failed, when all partitions have come to
 * rest, and until then every half hour. Returns the new state if so, and undefined if not.
 */
export function nextSignal(
  before: Signalled,
  progress: ObservedProgress,
  limit?: LimitsDefinition['failedUnits'],
): Signalled | undefined {
  const finished = finishedUnits(progress.tally);
  const { throttled = [], credentials = [] } = progress;
  const blocked = [
    ...[...progress.blocked, ...(progress.waiting ?? [])].map(keyOf),
    ...throttled.map(({ what }) => `throttled ${what}`),
    ...credentials.map(({ what, endsAt }) => `credential ${what} ${endsAt}`),
  ].sort();
  const step = Math.max(1, Math.ceil(progress.total * share));
  const { rest, at } = progress;
  const tooMany = limit !== undefined && hasTooManyFailures(limit, progress.tally);
  const next = { count: before.count + 1, finished, blocked, tooMany, at, ...(rest !== undefined && { rest }) };
  // These are not counted against the bound: they happen once per pause, and once in all.
  if ((rest !== undefined && rest !== before.rest) || (tooMany && before.tooMany !== true)) return next;
  const moved = finished - before.finished >= step;
  const changed = blocked.join('\n') !== before.blocked.join('\n');
  const isDue = (moved || changed) && before.count < signalsMax;
  return isDue || isOld(before, progress) ? next : undefined;
}

/** Tells whether the root knows nothing yet, or nothing of the last half hour. At rest, nothing changes. */
function isOld({ at: before }: Signalled, { at: now, rest }: ObservedProgress): boolean {
  if (before === undefined) return true;
  return rest === undefined && Date.parse(now) - Date.parse(before) >= regularMs;
}
