import { describe, expect, it, vi } from 'vitest';
import type { SliceBeat } from '../../../../src/domain/figures/slice-report.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import { MemoryMigration, prefixLookup } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(500);

/** Units of one blob each, of which the first are in `east`, which was throttled, and the last ones in `west`. */
function sliceOf({ east, west }: { readonly east: number; readonly west: number }) {
  const accountOf = (unit: number): string => (unit < east ? 'east' : 'west');
  const throttled = new Set(['east']);
  const migration = new MemoryMigration({
    units: east + west,
    lookups: (unit) => [prefixLookup({ prefix: `${unit.id}/`, account: accountOf(unit.index) })],
    throttled: {
      accounts: () => [...throttled],
      account: (name) => (throttled.has(name) ? { perSecond: 1.234, sinceMs: 0 } : undefined),
      target: () => undefined,
    },
  });
  for (let unit = 0; unit < east + west; unit += 1)
    migration.addBlob(unit, 'a', 'text\n', { account: accountOf(unit) });
  const beats: SliceBeat[] = [];
  const process = createProcessResources({ unitsInFlight: 4 });
  const run = (task = migration.task) =>
    moveSlice({
      ...{ task, resources: migration.resources, process, beat: (beat: SliceBeat) => void beats.push(beat) },
      signal: new AbortController().signal,
      buildInfo: 'longhaul test',
    });
  return { migration, beats, process, run, throttled };
}

/** Lets no body of account `east` begin until the test says so, and counts those that wait. */
function holdEast({ source }: MemoryMigration) {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waiting = new Set<string>();
  source.requests.hook = async ({ kind, name }) => {
    if (kind !== 'open' || !name.startsWith('east/')) return undefined;
    waiting.add(name);
    await held;
    waiting.delete(name);
    return undefined;
  };
  return { waiting, release: () => release() };
}

describe('units of an account that was throttled', () => {
  it('take half of the places, and those of other accounts overtake them', async () => {
    const { migration, run, beats } = sliceOf({ east: 20, west: 20 });
    const { waiting, release } = holdEast(migration);
    const running = run();
    await vi.waitFor(() => expect(migration.target.objects.size).toBe(20));
    expect(waiting.size).toBe(2);
    await vi.waitFor(() => expect(beats.at(-1)?.throttled).toMatchObject([{ what: 'account east', perSecond: 1.2 }]));
    release();
    expect(await running).toMatchObject({ state: 'complete', tally: { units: { done: 40 } } });
  });

  it('leave their slice when other slices take all places, and name what they wait for', async () => {
    const { run, process } = sliceOf({ east: 20, west: 1 });
    for (const other of [{}, {}]) process.throttledUnits.begin(other);
    expect(await run()).toMatchObject({
      state: 'waiting',
      retryInMs: 30_000,
      tally: { units: { done: 1 } },
      waiting: [
        {
          what: 'account east',
          class: 'SourceThrottled',
          message: 'it asked for fewer requests, and gets 1.2 a second from each worker process',
          units: 20,
        },
      ],
    });
  });

  it('begin beside all others again once the account is back at full speed', async () => {
    const { migration, run, throttled, process } = sliceOf({ east: 20, west: 0 });
    for (const other of [{}, {}]) process.throttledUnits.begin(other);
    const { waiting, release } = holdEast(migration);
    throttled.clear();
    const running = run();
    await vi.waitFor(() => expect(waiting.size).toBe(4));
    release();
    expect(await running).toMatchObject({ state: 'complete' });
  });

  it('give back every place, whatever becomes of them', async () => {
    const { run, process } = sliceOf({ east: 5, west: 5 });
    await run();
    const slices = [{}, {}];
    for (const slice of slices) expect(process.throttledUnits.hasRoom(slice)).toBe(true);
    process.throttledUnits.begin(slices[0] as object);
    process.throttledUnits.begin(slices[1] as object);
    expect(process.throttledUnits.hasRoom({})).toBe(false);
  });
});
