import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { SliceBeat } from '../../../../src/domain/figures/slice-report.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import { Flag } from '../../../support/fakes/flag.js';
import { MemoryMigration, prefixLookup, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(500);

/** Units of one blob each, and a run that passes each heartbeat to `seen`. */
function sliceOf(units: number, unitPatienceMs = 60_000) {
  const definition = smallDefinition();
  const limits = { ...definition.limits, unitPatienceMs };
  const migration = new MemoryMigration({ units, definition: { ...definition, limits } });
  for (let unit = 0; unit < units; unit += 1) migration.addBlob(unit, 'a', `text of unit ${String(unit)}\n`);
  const run = (seen?: (beat: SliceBeat) => void) => moveIn(migration, seen);
  return { migration, run };
}

/** Moves the slice of a migration, and passes each heartbeat to `beat`. */
function moveIn(migration: MemoryMigration, beat: (beat: SliceBeat) => void = () => undefined) {
  return moveSlice({
    task: migration.task,
    resources: migration.resources,
    process: createProcessResources({ unitsInFlight: 4 }),
    beat,
    signal: new AbortController().signal,
    buildInfo: 'longhaul test',
  });
}

/** Moves the wall clock, which dates failures. */
function passMs(ms: number): void {
  const later = Date.now() + ms;
  vi.spyOn(Date, 'now').mockReturnValue(later);
}

const away = (what: string, failureClass: 'SourceNetwork' | 'TargetNetwork') =>
  new Failure(failureClass, 'connection refused', { what });

describe('a heartbeat', () => {
  it('shows which units are in flight, how much of each is read, and how many there may be', async () => {
    const { migration, run } = sliceOf(1);
    const bytes = Buffer.byteLength('text of unit 0\n');
    const held = new Flag();
    const seen: SliceBeat[] = [];
    migration.target.requests.hook = async ({ kind }) => {
      if (kind === 'put') await held.raised;
      return undefined;
    };
    const ended = run((beat) => {
      seen.push(beat);
      if ((beat.inFlight.longest?.[0]?.bytes ?? 0) > 0) held.raise();
    });
    await held.raised;
    expect(seen.at(-1)?.inFlight).toMatchObject({ count: 1, most: 4, longest: [{ unit: 'unit-0', bytes, of: bytes }] });
    await ended;
    expect(seen.at(-1)?.inFlight).toMatchObject({ count: 0, longest: [] });
  });
});

describe('requests that fail', () => {
  it.each([
    ['reads', 'account east', 'SourceNetwork'],
    ['puts', 'target archive', 'TargetNetwork'],
  ] as const)('show in the heartbeat while they are tried again: %s', async (requests, what, failureClass) => {
    const { migration, run } = sliceOf(1);
    const began = Date.now();
    const [shown, held] = [new Flag(), new Flag()];
    const seen: SliceBeat[] = [];
    const failure = away(what, failureClass);
    const failTwice = async (count: number): Promise<boolean> => {
      if (count < 2) return true;
      held.raise();
      await shown.raised;
      return false;
    };
    migration.source.requests.hook = async ({ kind, count }) =>
      requests === 'reads' && kind === 'open' && (await failTwice(count)) ? { failure } : undefined;
    migration.target.requests.hook = async ({ kind, count }) =>
      requests === 'puts' && kind === 'put' && (await failTwice(count)) ? { fault: 'fail', failure } : undefined;
    const ended = run((beat) => {
      seen.push(beat);
      if (beat.waiting !== undefined) shown.raise();
    });
    await held.raised;
    expect(seen.at(-1)?.waiting).toBeUndefined();
    passMs(8_000);
    await shown.raised;
    expect(seen.at(-1)).toMatchObject({ waiting: [{ what, class: failureClass, units: 1 }], inFlight: { count: 1 } });
    expect(Date.parse(seen.at(-1)?.waiting?.[0]?.since ?? '') - began).toBeLessThan(8_000);
    expect(await ended).toMatchObject({ state: 'complete', tally: { units: { done: 1 } } });
    expect(seen.at(-1)?.waiting).toBeUndefined();
  });

  it('show for every unit that waits for a listing, though the units share its requests', async () => {
    const { migration, run } = sliceOf(4);
    const [shown, held] = [new Flag(), new Flag()];
    const seen: SliceBeat[] = [];
    const listed: string[] = [];
    migration.source.requests.hook = async ({ kind, name }) => {
      if (kind !== 'list') return undefined;
      listed.push(name);
      if (listed.length === 1) return { failure: away('account east', 'SourceNetwork') };
      held.raise();
      await shown.raised;
      return undefined;
    };
    const ended = run((beat) => {
      seen.push(beat);
      if (beat.waiting !== undefined) shown.raise();
    });
    await held.raised;
    passMs(8_000);
    await shown.raised;
    expect(seen.at(-1)?.waiting).toMatchObject([{ what: 'account east', class: 'SourceNetwork', units: 4 }]);
    expect(await ended).toMatchObject({ state: 'complete', tally: { units: { done: 4 } } });
    expect(listed).toEqual(Array(2).fill('east/events/unit-'));
    expect(migration.ledger?.receipts.get(3)?.took?.retries).toBeUndefined();
  });

  it('show when the outcome of writes is unknown, even if everything else is answered', async () => {
    const { migration, run } = sliceOf(1);
    const shown = new Flag();
    let lost = 0;
    let isShown = false;
    migration.target.requests.hook = ({ kind }) => {
      if (kind !== 'put' || isShown) return undefined;
      lost += 1;
      if (lost === 2) passMs(8_000);
      return { fault: 'lose-request' };
    };
    const ended = run((beat) => {
      if (beat.waiting === undefined) return;
      isShown = true;
      shown.raise();
    });
    await shown.raised;
    expect(await ended).toMatchObject({ state: 'complete', tally: { units: { done: 1 } } });
    expect(migration.target.requests.count('head')).toBeGreaterThanOrEqual(2);
  });

  it('show while a flush of the ledger waits', async () => {
    const { migration, run } = sliceOf(120);
    const [shown, flushing] = [new Flag(), new Flag()];
    const failure = away('target archive', 'TargetNetwork');
    let isShown = false;
    migration.control.requests.hook = async ({ kind, count }) => {
      if (kind !== 'write' || count !== 1) return undefined;
      flushing.raise();
      await shown.raised;
      return undefined;
    };
    migration.target.requests.hook = async ({ kind, name }) =>
      kind === 'put' && name.endsWith('/unit-119.gz') && !isShown ? { fault: 'fail', failure } : undefined;
    const ended = run((beat) => {
      if (beat.waiting === undefined) return;
      isShown = true;
      shown.raise();
    });
    await flushing.raised;
    await vi.waitFor(() => expect(migration.target.requests.log.some(({ name }) => name.endsWith('/unit-119.gz'))));
    passMs(8_000);
    await shown.raised;
    expect(await ended).toMatchObject({ state: 'complete', tally: { units: { done: 120 } } });
  });
});

describe('requests that get no answer', () => {
  it.each([
    ['account east', 'SourceStalled', 2],
    ['target archive', 'TargetNetwork', 3],
  ] as const)('show in the heartbeat long before their timeout: %s', async (what, failureClass, units) => {
    const silentMs = (name: string) => (isSilent && what.endsWith(name) ? 6_000 : undefined);
    let isSilent = true;
    const migration = new MemoryMigration({
      units: 3,
      lookups: ({ id, index }) => [prefixLookup({ prefix: `${id}/`, account: index < 2 ? 'east' : 'west' })],
      silent: { account: silentMs, target: () => silentMs('archive') },
    });
    for (let unit = 0; unit < 3; unit += 1)
      migration.addBlob(unit, 'a', 'text\n', { account: unit < 2 ? 'east' : 'west' });
    const answers = new Flag();
    migration.source.requests.hook = async () => {
      await answers.raised;
      return undefined;
    };
    const seen: SliceBeat[] = [];
    const ended = moveIn(migration, (beat) => {
      seen.push(beat);
      if (beat.waiting === undefined) return;
      isSilent = false;
      answers.raise();
    });
    await answers.raised;
    expect(seen.at(-1)?.waiting).toMatchObject([{ what, class: failureClass, units }]);
    expect(await ended).toMatchObject({ state: 'complete', tally: { units: { done: 3 } } });
    expect(seen.at(-1)?.waiting).toBeUndefined();
  });
});

describe('the receipt of a unit', () => {
  it('counts the requests that failed, by class, over all tries of the unit, and the time of them all', async () => {
    const { migration, run } = sliceOf(2);
    migration.source.requests.hook = ({ kind, name, count }) =>
      kind === 'open' && name.includes('unit-0') && count < 3
        ? { failure: new Failure('SourceThrottled', 'busy', { what: 'account east' }) }
        : undefined;
    // More failures than a request is repeated, so that the unit is given back and tried again.
    migration.target.requests.hook = ({ kind, name, count }) =>
      kind === 'put' && name.endsWith('/unit-0.gz') && count < 9
        ? { fault: 'fail', failure: away('target archive', 'TargetNetwork') }
        : undefined;
    await run();
    const [first, second] = [0, 1].map((index) => migration.ledger?.receipts.get(index)?.took);
    expect(first?.retries).toEqual({ SourceThrottled: 2, TargetNetwork: 8 });
    expect(second?.retries).toBeUndefined();
    expect(first?.ms).toBeGreaterThan(second?.ms ?? Number.NaN);
  });
});

describe("a unit's patience", () => {
  it('runs from its first request that failed, not from the beginning of its move', async () => {
    const { migration, run } = sliceOf(8);
    const failure = away('target archive', 'TargetNetwork');
    let failures = 0;
    migration.target.requests.hook = ({ kind, name }) => {
      if (kind !== 'put' || !name.endsWith('/unit-0.gz') || failures >= 6) return undefined;
      // It has been downloaded for an hour.
      if (failures === 0) passMs(3_600_000);
      failures += 1;
      return { fault: 'fail', failure };
    };
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 8, failed: 0 } } });
    expect(failures).toBe(6);
  });
});
