import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { SliceBeat } from '../../../../src/domain/figures/slice-report.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import type { SliceJob } from '../../../../src/pipeline/slice/slice-job.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import type { MemorySourceFault } from '../../../support/fakes/memory-blob-source.js';
import {
  MemoryMigration,
  type MemoryMigrationOptions,
  prefixLookup,
  sha256,
} from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

const time = useScaledTime(100);

const minuteMs = 60_000;
const textOf = (unit: number): string => `text of unit ${unit}\n`;
const accountOf = (unit: number): string => (unit % 2 === 0 ? 'east' : 'west');

/** Units with one blob each, the even ones in account `east`, the odd ones in `west`. */
function sliceOf(units: number, options: Partial<MemoryMigrationOptions> = {}) {
  const migration = new MemoryMigration({
    units,
    lookups: (unit) => [prefixLookup({ prefix: `${unit.id}/`, account: accountOf(unit.index) })],
    ...options,
  });
  for (let unit = 0; unit < units; unit += 1) migration.addBlob(unit, 'a', textOf(unit), { account: accountOf(unit) });
  const beats: SliceBeat[] = [];
  const run = (changes: Partial<SliceJob> = {}) =>
    moveSlice({
      task: migration.task,
      resources: migration.resources,
      process: createProcessResources({ unitsInFlight: 4 }),
      beat: (beat) => beats.push(beat),
      signal: new AbortController().signal,
      buildInfo: 'longhaul 0.1.0',
      ...changes,
    });
  return { migration, beats, run };
}

const allOf = (units: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: units }, (_, unit) => [`orders/unit-${unit}.gz`, sha256(textOf(unit))]).sort(),
  );

/** Lets a source answer, but hold the bodies of these units until the request is aborted. */
function holdUnits(migration: MemoryMigration, ...units: readonly number[]) {
  let held = 0;
  const waiting: (() => void)[] = [];
  const open = migration.source.open.bind(migration.source);
  migration.source.open = (blob, signal, offset) => {
    if (!units.some((unit) => blob.name.startsWith(`unit-${unit}/`))) return open(blob, signal, offset);
    return (async function* () {
      yield* [] as Uint8Array[];
      held += 1;
      if (held === units.length) for (const go of waiting) go();
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    })();
  };
  return {
    /** Resolves when all of them are held. */
    all: new Promise<void>((resolve) => waiting.push(resolve)),
    release: () => {
      migration.source.open = open;
    },
  };
}

/** Lets the blobs of a unit give one byte at each call of `drip`, until it is released. */
function dripUnit(migration: MemoryMigration, unit: number) {
  let next: ((rest?: Uint8Array) => void) | undefined;
  let given = 0;
  const open = migration.source.open.bind(migration.source);
  migration.source.open = (blob, signal, offset) => {
    if (!blob.name.startsWith(`unit-${unit}/`)) return open(blob, signal, offset);
    return (async function* () {
      for (;;) {
        const rest = await new Promise<Uint8Array | undefined>((resolve, reject) => {
          next = resolve;
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        if (rest !== undefined) {
          yield rest;
          return;
        }
        given += 1;
        yield Buffer.alloc(1);
      }
    })();
  };
  return {
    waits: () => next !== undefined,
    drip: () => {
      const give = next;
      next = undefined;
      give?.();
    },
    given: () => given,
    /** Lets the rest come at once. */
    end: (rest: Uint8Array) => next?.(rest),
    release: () => {
      migration.source.open = open;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('a slice', () => {
  it('is complete with a receipt for every unit and a footer with their tally', async () => {
    const { migration, beats, run } = sliceOf(20);
    const result = await run();
    expect(result).toMatchObject({
      state: 'complete',
      tally: { units: { done: 20, found: 0, empty: 0, failed: 0 }, blobs: { done: 20 } },
    });
    expect(migration.published).toEqual(allOf(20));
    expect(migration.receipts.map(({ index, state }) => [index, state])).toEqual(
      Array.from({ length: 20 }, (_, index) => [index, 'done']),
    );
    expect(migration.ledger?.footer?.tally).toEqual(result.tally);
    expect(beats.at(-1)).toMatchObject({
      v: 1,
      slice: 'p0000/s0000',
      range: 'units 0–19',
      phase: 'finishing',
      of: 20,
      done: 20,
    });
  });

  it('run again returns the tally of its footer and reads nothing from the source', async () => {
    const { migration, run } = sliceOf(10);
    const first = await run();
    const requests = [migration.source.requests.log.length, migration.target.requests.log.length];
    const writes = migration.control.requests.count('write');
    expect(await run()).toEqual(first);
    expect([migration.source.requests.log.length, migration.target.requests.log.length]).toEqual(requests);
    expect(migration.control.requests.count('write')).toBe(writes);
  });

  it('records units that fail for good and continues with the others', async () => {
    const { migration, run } = sliceOf(10);
    migration.source.remove({ account: 'west', container: 'events', name: 'unit-3/a' });
    migration.addBlob(4, 'a', 'x', { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 8, failed: 2 } } });
    expect(migration.receipts.filter(({ state }) => state === 'failed')).toMatchObject([
      { index: 3, class: 'EmptyUnit' },
      { index: 4, class: 'SourceMd5Mismatch', blob: 'east/events/unit-4/a' },
    ]);
    expect(migration.ledger?.footer?.tally.units).toMatchObject({ done: 8, failed: 2 });
  });

  it('never has more units in flight than the process, and beats below 4 KiB', async () => {
    const { beats, run } = sliceOf(200);
    await run({ process: createProcessResources({ unitsInFlight: 3 }) });
    for (const beat of beats) {
      expect(beat.inFlight.count).toBeLessThanOrEqual(3);
      expect(JSON.stringify(beat).length).toBeLessThanOrEqual(4_096);
    }
  });

  it('shares its units in flight with other slices of the process', async () => {
    const process = createProcessResources({ unitsInFlight: 2 });
    const slices = [sliceOf(15), sliceOf(15)];
    let most = 0;
    for (const { migration } of slices)
      migration.source.requests.hook = () => {
        most = Math.max(most, process.units.activeCount);
        return undefined;
      };
    await Promise.all(slices.map(({ run }) => run({ process })));
    expect(most).toBe(2);
  });
});

describe('failures that may pass', () => {
  it('are tried again until they pass and never become failed receipts', async () => {
    const { migration, run } = sliceOf(6);
    const tries = new Map<string, number>();
    migration.source.requests.hook = ({ kind, name }): MemorySourceFault | undefined => {
      if (kind !== 'open') return undefined;
      const before = tries.get(name) ?? 0;
      tries.set(name, before + 1);
      return before < 14 ? { failure: new Failure('SourceNetwork', 'reset') } : undefined;
    };
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 6, failed: 0 } } });
    expect(migration.receipts.every(({ state }) => state === 'done')).toBe(true);
  });

  it('do not make idle lanes believe that the slice is complete', async () => {
    const { migration, run } = sliceOf(1);
    let failures = 0;
    migration.target.requests.hook = ({ kind }) => {
      if (kind !== 'put' || failures === 8) return undefined;
      failures += 1;
      return { fault: 'fail', failure: new Failure('TargetThrottled', 'slow down') };
    };
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 1 } } });
  });
});

describe('a forbidden account', () => {
  const forbid = (migration: MemoryMigration): void => {
    migration.source.requests.hook = ({ name }) =>
      name.startsWith('west/')
        ? { failure: new Failure('SourceForbidden', 'list west/events: 403', { what: 'account west' }) }
        : undefined;
  };

  it('defers its units, the others continue, and the slice is blocked without a footer', async () => {
    const { migration, beats, run } = sliceOf(10);
    forbid(migration);
    expect(await run()).toMatchObject({
      state: 'blocked',
      what: 'account west',
      class: 'SourceForbidden',
      message: 'list west/events: 403',
      deferred: 5,
      tally: { units: { done: 5, failed: 0 } },
    });
    expect(migration.receipts.map(({ index }) => index)).toEqual([0, 2, 4, 6, 8]);
    expect(migration.ledger?.footer).toBeUndefined();
    expect(beats.at(-1)).toMatchObject({ deferred: 5, waitsFor: { what: 'account west', class: 'SourceForbidden' } });
  });

  it('released, lets the slice continue without reading the others again', async () => {
    const { migration, run } = sliceOf(10);
    forbid(migration);
    await run();
    migration.source.requests.hook = undefined;
    const before = migration.source.requests.log.length;
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 10, failed: 0 } } });
    const later = migration.source.requests.log.slice(before);
    expect(later.every(({ name }) => name.startsWith('west/'))).toBe(true);
    expect(migration.published).toEqual(allOf(10));
  });

  it('is asked again in the same attempt once a file with a credential has changed', async () => {
    const { migration, beats, run } = sliceOf(10);
    forbid(migration);
    const process = createProcessResources({ unitsInFlight: 4 });
    const open = migration.source.open.bind(migration.source);
    migration.source.open = async function* (blob, signal, offset) {
      if (blob.name.startsWith('unit-8/')) {
        await until(() => (beats.at(-1)?.deferred ?? 0) > 0);
        migration.source.requests.hook = undefined;
        process.renewals.count += 1;
        await until(() => migration.published['orders/unit-1.gz'] !== undefined);
      }
      yield* open(blob, signal, offset);
    };
    expect(await run({ process })).toMatchObject({ state: 'complete', tally: { units: { done: 10, failed: 0 } } });
    expect(migration.published).toEqual(allOf(10));
  });

  it('is not blamed when the target is what is forbidden', async () => {
    const { migration, run } = sliceOf(3);
    migration.target.requests.hook = () => ({
      fault: 'fail',
      failure: new Failure('TargetForbidden', 'put: 403', { what: 'target archive' }),
    });
    expect(await run()).toMatchObject({ state: 'blocked', what: 'target archive', deferred: 3 });
  });
});

it('a ledger that may not be written is blocked by its own name, and no unit is blamed', async () => {
  const { migration, run } = sliceOf(3);
  const what = 'control archive';
  migration.control.requests.hook = ({ kind, count }) =>
    kind === 'write' && count > 0
      ? { fault: 'fail', failure: new Failure('TargetForbidden', 'write: 403', { what }) }
      : undefined;
  expect(await run()).toMatchObject({ state: 'blocked', what, class: 'TargetForbidden' });
});

describe('an abort', () => {
  it('before the start writes nothing', async () => {
    const { migration, run } = sliceOf(3);
    expect(await run({ signal: AbortSignal.abort(new Error('shutdown')) })).toMatchObject({ state: 'partial' });
    expect(migration.ledger).toBeUndefined();
  });

  it('flushes what is done and returns partial; the next attempt does the rest only', async () => {
    const { migration, run } = sliceOf(12);
    const held = holdUnits(migration, 2, 5);
    const controller = new AbortController();
    const running = run({ signal: controller.signal });
    await held.all;
    await until(() => Object.keys(migration.published).length === 10);
    controller.abort(new Error('shutdown'));
    expect(await running).toMatchObject({ state: 'partial', tally: { units: { done: 10 } } });
    expect(migration.receipts).toHaveLength(10);
    expect(migration.ledger?.footer).toBeUndefined();
    held.release();
    const opened = migration.source.requests.count('open');
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 12 } } });
    expect(migration.source.requests.count('open')).toBe(opened + 2);
    expect(migration.published).toEqual(allOf(12));
  });

  it.each(['before', 'after'])('in the write of the footer, %s it took effect, loses no receipt', async (when) => {
    const { migration, run } = sliceOf(6);
    const controller = new AbortController();
    const write = migration.control.write.bind(migration.control);
    migration.control.write = async (key, bytes, condition, signal) => {
      const isFooter = migration.control.requests.count('write') > 0 && !controller.signal.aborted;
      if (isFooter && when === 'before') controller.abort(new Error('shutdown'));
      const outcome = await write(key, bytes, condition, signal);
      if (isFooter) controller.abort(new Error('shutdown'));
      return outcome;
    };
    const state = when === 'before' ? 'partial' : 'complete';
    expect(await run({ signal: controller.signal })).toMatchObject({ state, tally: { units: { done: 6 } } });
    expect(migration.receipts).toHaveLength(6);
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 6 } } });
  });
});

describe('an operator', () => {
  it('who drains lets the units in flight end and no other begin; the slice is partial and can continue', async () => {
    const { migration, run } = sliceOf(12);
    const control = { draining: false };
    const open = migration.source.open.bind(migration.source);
    migration.source.open = (blob, signal, offset) => {
      control.draining = true;
      return open(blob, signal, offset);
    };
    const drained = await run({ control });
    expect(drained.state).toBe('partial');
    expect(drained.tally.units.done).toBeGreaterThan(0);
    expect(drained.tally.units.done).toBeLessThanOrEqual(4);
    expect(migration.ledger?.footer).toBeUndefined();
    migration.source.open = open;
    expect(await run({ control: { draining: false } })).toMatchObject({ state: 'complete' });
    expect(migration.published).toEqual(allOf(12));
  });

  it('who asks for more or fewer units in flight gets them', async () => {
    const { beats, run } = sliceOf(200);
    const { migration, run: runWider } = sliceOf(8);
    await run({ control: { draining: false, unitsInFlight: 2 } });
    for (const beat of beats) expect(beat.inFlight.count).toBeLessThanOrEqual(2);
    const held = holdUnits(migration, 0, 1, 2, 3, 4, 5, 6, 7);
    const abort = new AbortController();
    const process = createProcessResources({ unitsInFlight: 4 });
    process.units.concurrency = 8;
    const running = runWider({ process, control: { draining: false, unitsInFlight: 8 }, signal: abort.signal });
    await held.all;
    abort.abort(new Error('seen'));
    expect(await running).toMatchObject({ state: 'partial' });
  });
});

describe('an attempt that must end', () => {
  it('by an unexpected error throws it, and keeps what is done', async () => {
    const { migration, run } = sliceOf(8);
    const lookups = migration.resources.find.lookups;
    const find = {
      ...migration.resources.find,
      lookups: (unit: Parameters<typeof lookups>[0]) => {
        if (unit.index === 7) throw new TypeError('a defect');
        return lookups(unit);
      },
    };
    const process = createProcessResources({ unitsInFlight: 1 });
    await expect(run({ process, resources: { ...migration.resources, find } })).rejects.toMatchObject({
      failureClass: 'Unexpected',
      message: expect.stringContaining('a defect'),
    });
    expect(migration.receipts).toHaveLength(7);
    expect(migration.ledger?.footer).toBeUndefined();
  });

  it('because no answer and no byte came for ten minutes fails as stalled, and keeps what is done', async () => {
    const { migration, run } = sliceOf(6);
    const held = holdUnits(migration, 3);
    const running = run();
    await held.all;
    await until(() => Object.keys(migration.published).length === 5);
    time.leap(11 * minuteMs);
    await expect(running).rejects.toMatchObject({ failureClass: 'Stalled' });
    expect(migration.receipts).toHaveLength(5);
    expect(migration.ledger?.footer).toBeUndefined();
  });

  it('because another attempt has claimed the ledger fails as fenced and writes nothing more', async () => {
    const { migration, run } = sliceOf(6);
    const held = holdUnits(migration, 3);
    const first = run();
    await held.all;
    await until(() => Object.keys(migration.published).length === 5);
    held.release();
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 6, found: 5 } } });
    const ledger = migration.control.objects.get(migration.ledgerKey)!;
    const writes = migration.control.requests.count('write');
    time.leap(minuteMs);
    await expect(first).rejects.toMatchObject({ failureClass: 'Fenced' });
    expect(migration.control.requests.count('write')).toBe(writes + 1);
    expect(migration.control.objects.get(migration.ledgerKey)!.equals(ledger)).toBe(true);
  });

  it('after half an hour takes no more units and returns partial', async () => {
    const { migration, run } = sliceOf(40);
    migration.source.requests.hook = ({ kind, count }) => {
      if (kind === 'open' && count === 9) time.leap(31 * minuteMs);
      return undefined;
    };
    const result = await run();
    expect(result.state).toBe('partial');
    expect(result.tally.units.done).toBeGreaterThanOrEqual(10);
    expect(result.tally.units.done).toBeLessThan(20);
    expect(migration.receipts).toHaveLength(result.tally.units.done);
    expect(migration.ledger?.footer).toBeUndefined();
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 40 } } });
  });

  it('while a unit is in flight continues for hours, as long as bytes arrive, and takes no other', async () => {
    const { migration, run } = sliceOf(6);
    // Larger than what is fetched whole, so that its bytes count as they come.
    const large = Buffer.alloc(5 * 1024 * 1024);
    migration.addBlob(4, 'a', large);
    const slow = dripUnit(migration, 4);
    const running = run();
    await until(() => slow.waits() && Object.keys(migration.published).length === 5);
    for (let minutes = 0; minutes < 300; minutes += 9) {
      time.leap(9 * minuteMs);
      slow.drip();
      await until(slow.waits);
    }
    slow.end(large.subarray(slow.given()));
    expect(await running).toMatchObject({ state: 'complete', tally: { units: { done: 6 } } });
    expect(migration.published).toEqual({ ...allOf(6), 'orders/unit-4.gz': sha256(large) });
  });

  it('after half an hour is partial, although a unit that took longer has ended', async () => {
    const { migration, run } = sliceOf(6);
    const large = Buffer.alloc(5 * 1024 * 1024);
    migration.addBlob(0, 'a', large);
    const slow = dripUnit(migration, 0);
    const running = run({ process: createProcessResources({ unitsInFlight: 1 }) });
    await until(slow.waits);
    for (let minutes = 0; minutes < 36; minutes += 9) {
      time.leap(9 * minuteMs);
      slow.drip();
      await until(slow.waits);
    }
    slow.end(large.subarray(slow.given()));
    expect(await running).toMatchObject({ state: 'partial', tally: { units: { done: 1 } } });
    slow.release();
    expect(await run()).toMatchObject({ state: 'complete', tally: { units: { done: 6 } } });
  });
});

describe('a ledger that cannot be used', () => {
  it('of other units blocks the slice and is not touched', async () => {
    const { migration, run } = sliceOf(4);
    await run();
    const ledger = migration.control.objects.get(migration.ledgerKey)!;
    const record = { ...migration.resources.record, definitionDigest: 'other' };
    expect(await run({ resources: { ...migration.resources, record } })).toMatchObject({
      state: 'blocked',
      class: 'LedgerMismatch',
      what: 'slice p0000/s0000',
      deferred: 4,
    });
    expect(migration.control.objects.get(migration.ledgerKey)!.equals(ledger)).toBe(true);
  });

  it('because the staged units are missing or different blocks the slice', async () => {
    const missing = sliceOf(4);
    missing.migration.control.objects.delete(missing.migration.stagedKey);
    expect(await missing.run()).toMatchObject({ state: 'blocked', class: 'LedgerMismatch' });
    for (const task of [{ firstUnit: 1 }, { units: 3 }, { units: 5 }]) {
      const { migration, run } = sliceOf(4);
      expect(await run({ task: { ...migration.task, ...task } })).toMatchObject({ class: 'LedgerMismatch' });
      expect(migration.ledger).toBeUndefined();
    }
  });

  it('because it vanished while it was written blocks the slice', async () => {
    const { migration, run } = sliceOf(4);
    migration.source.requests.hook = ({ kind }) => {
      if (kind === 'open') migration.control.objects.delete(migration.ledgerKey);
      return undefined;
    };
    expect(await run()).toMatchObject({ state: 'blocked', class: 'LedgerLost' });
    expect(migration.ledger).toBeUndefined();
  });

  it('because a higher epoch owns the migration ends the attempt as superseded', async () => {
    const { migration, run } = sliceOf(4);
    await run({ task: { ...migration.task, epoch: 2 } });
    await expect(run()).rejects.toMatchObject({ failureClass: 'Superseded' });
  });
});
