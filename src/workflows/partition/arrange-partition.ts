import { keeps, turns, type PartitionState, type Thing } from './partition-state.js';
import type { PartitionCommand } from './partition-command.js';

/** Decides what a partition does next: schedule slices, ask to be woken, end, or nothing. */
export function arrangePartition(
  state: PartitionState,
  nowMs: number,
): readonly [PartitionState, readonly PartitionCommand[]] {
  const known = withoutIdleThings(state);
  const running = known.slices.filter(({ place }) => place.at === 'running').length;
  if (running === 0) {
    const end = ending(known);
    if (end !== undefined) return [known, [{ kind: 'end', as: end }]];
  }
  if (known.ending !== undefined || known.isLong) return [known, []];
  const { pause, revision } = known.directives;
  if (pause !== 'none') return [running === 0 ? { ...known, rest: revision } : known, []];
  return schedule(known, known.scheduledMax - running, nowMs);
}

function ending(state: PartitionState): Extract<PartitionCommand, { kind: 'end' }>['as'] | undefined {
  if (state.slices.every(({ place }) => place.at === 'complete')) return 'complete';
  return state.ending ?? (state.isLong ? 'continued' : undefined);
}

function schedule(
  state: PartitionState,
  free: number,
  nowMs: number,
): readonly [PartitionState, readonly PartitionCommand[]] {
  const awake = wakeSlices(state, nowMs);
  const canaries = dueCanaries(awake, nowMs).slice(0, Math.max(0, free));
  const others = awake.things.some(stopsAll) ? [] : readySlices(awake).slice(0, Math.max(0, free - canaries.length));
  const slices = [...awake.slices];
  for (const { slice, what } of canaries) start(slice, what);
  for (const slice of others) start(slice);
  const commands: PartitionCommand[] = [
    ...canaries.map(({ slice }) => ({ kind: 'schedule', slice, canary: true }) as const),
    ...others.map((slice) => ({ kind: 'schedule', slice, canary: false }) as const),
  ];
  const scheduled = { ...awake, slices };
  const wakeAtMs = nextWakeMs(scheduled, nowMs);
  if (wakeAtMs === undefined || (state.wakeAtMs ?? Number.POSITIVE_INFINITY) <= wakeAtMs) return [scheduled, commands];
  return [{ ...scheduled, wakeAtMs }, [...commands, { kind: 'wake', atMs: wakeAtMs }]];

  function start(slice: number, canaryOf?: string): void {
    const before = slices[slice];
    if (before === undefined) return;
    const units = before.place.at === 'blocked' ? before.place.units : 0;
    slices[slice] = { ...before, place: { at: 'running', units, ...(canaryOf !== undefined && { canaryOf }) } };
  }
}

/** Makes the slices ready that have waited long enough. They go after those that have not waited. */
function wakeSlices(state: PartitionState, nowMs: number): PartitionState {
  return {
    ...state,
    slices: state.slices.map((slice) =>
      slice.place.at === 'waiting' && slice.place.untilMs <= nowMs
        ? { ...slice, place: { at: 'ready', turn: turns.waited } }
        : slice,
    ),
  };
}

/** Returns one slice for each thing whose next try is due and for which no canary runs. */
function dueCanaries(state: PartitionState, nowMs: number): readonly { slice: number; what: string }[] {
  return state.things.flatMap(({ what, nextTryMs }) => {
    if (nextTryMs > nowMs || isTriedFor(state, what)) return [];
    const slice = state.slices.findIndex(({ place }) => keeps(what, place));
    return slice === -1 ? [] : [{ slice, what }];
  });
}

function readySlices({ slices }: PartitionState): readonly number[] {
  const turnOf = (slice: number): number => {
    const place = slices[slice]?.place;
    return place?.at === 'ready' ? place.turn : Number.POSITIVE_INFINITY;
  };
  return [...slices.keys()]
    .filter((slice) => turnOf(slice) !== Number.POSITIVE_INFINITY)
    .sort((a, b) => turnOf(a) - turnOf(b) || a - b);
}

/** Returns when the next thing or slice is due. What is due already waits for a free slot and needs no timer. */
function nextWakeMs(state: PartitionState, nowMs: number): number | undefined {
  const tries = state.things.filter(({ what }) => !isTriedFor(state, what)).map(({ nextTryMs }) => nextTryMs);
  const waits = state.slices.map(({ place }) => (place.at === 'waiting' ? place.untilMs : nowMs));
  const future = [...tries, ...waits].filter((atMs) => atMs > nowMs);
  return future.length === 0 ? undefined : Math.min(...future);
}

function isTriedFor({ slices }: PartitionState, what: string): boolean {
  return slices.some(({ place }) => place.at === 'running' && place.canaryOf === what);
}

/** Forgets the things that no longer hold up a slice. */
function withoutIdleThings(state: PartitionState): PartitionState {
  const isNeeded = ({ what }: Thing): boolean => state.slices.some(({ place }) => keeps(what, place));
  return state.things.every(isNeeded) ? state : { ...state, things: state.things.filter(isNeeded) };
}

/** Without the target, or the ledger in the control bucket, no slice can do anything. */
function stopsAll({ what }: Thing): boolean {
  return what.startsWith('target ') || what.startsWith('control ');
}
