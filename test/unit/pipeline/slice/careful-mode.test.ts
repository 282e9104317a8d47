import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { SliceBeat } from '../../../../src/domain/figures/slice-report.js';
import { settled } from '../../../../src/flow/settled.js';
import { ledgerLines } from '../../../support/faults/request-kind.js';
import { Flag } from '../../../support/fakes/flag.js';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { MemoryProcess, type ProcessStep } from '../../../support/fakes/memory-process.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

const time = useScaledTime(100);

function sliceOf(units: number): MemoryMigration {
  const migration = new MemoryMigration({ units });
  for (let unit = 0; unit < units; unit += 1) migration.addBlob(unit, 'a', `text of unit ${String(unit)}\n`);
  return migration;
}

const touches = ({ call, subject }: ProcessStep, unit: number): boolean =>
  call === 'source.open' && subject === `unit-${String(unit)}/a`;

/**
 * Each process moves the slices beside each other and dies when it opens a blob of a poison unit. Returns how many
 * died.
 */
async function runUntilComplete(
  slices: readonly { readonly migration: MemoryMigration; readonly poison: readonly number[] }[],
  options: { readonly unitsInFlight?: number; readonly processesMax?: number } = {},
): Promise<number> {
  const { unitsInFlight = 4, processesMax = 30 } = options;
  for (let deaths = 0; deaths < processesMax; deaths += 1) {
    const process = new MemoryProcess({ unitsInFlight }, (step, self) => {
      const { poison } = slices.find(({ migration }) => migration === step.migration)!;
      if (poison.some((unit) => touches(step, unit))) self.kill();
    });
    const results = await Promise.allSettled(slices.map(({ migration }) => process.move(migration)));
    if (!process.dead) {
      for (const result of results) expect(result).toMatchObject({ value: { state: 'complete' } });
      return deaths;
    }
  }
  throw new Error('the processes die for ever');
}

const outcome = (migration: MemoryMigration) =>
  migration.receipts.map(({ index, state, class: failureClass }) => [index, failureClass ?? state]);

const doneBut = (units: number, ...poison: readonly number[]) =>
  Array.from({ length: units }, (_, index) => [
    index,
    poison.includes(index) ? 'Poison' : expect.stringMatching(/done|found/),
  ]);

describe('a unit that kills its process', () => {
  it('is parked after two deaths beside others, one by name and three alone, and all others are done', async () => {
    const migration = sliceOf(12);
    expect(await runUntilComplete([{ migration, poison: [0] }])).toBe(6);
    expect(outcome(migration)).toEqual(doneBut(12, 0));
    expect(migration.receipts[0]).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('3 times in a row'),
    });
    expect(migration.ledger?.footer?.tally.units).toMatchObject({ failed: 1 });
  });

  it('is found wherever it is, also where there are several of them', async () => {
    for (const poison of [[5], [11], [0, 1], [2, 7, 11]]) {
      const migration = sliceOf(12);
      expect(await runUntilComplete([{ migration, poison }])).toBeLessThanOrEqual(2 + 5 * poison.length);
      expect(outcome(migration)).toEqual(doneBut(12, ...poison));
    }
  });

  it('takes no innocent unit of another slice of the process with it', async () => {
    const slices = [sliceOf(6), sliceOf(6), sliceOf(1), sliceOf(6)].map((migration, index) => ({
      migration,
      poison: index === 0 ? [0] : index === 3 ? [2] : [],
    }));
    await runUntilComplete(slices);
    for (const { migration, poison } of slices)
      expect(outcome(migration)).toEqual(doneBut(migration.units.length, ...poison));
  });

  it('is named in the ledger before it begins, alone in its process, and the heartbeat says so', async () => {
    const [poisoned, other] = [sliceOf(3), sliceOf(40)];
    const beats: SliceBeat[] = [];
    for (let death = 0; death < 4; death += 1) {
      const begun = new Set<string>();
      const process = new MemoryProcess({ unitsInFlight: 4 }, (step, self) => {
        if (step.migration === other && step.call === 'source.open') begun.add(step.subject.split('/')[0] ?? '');
        if (step.migration !== poisoned || !touches(step, 0)) return;
        if (death === 2) expect(poisoned.ledger?.claim.suspect).toEqual({ index: 0, deaths: 0, partsBefore: 0 });
        if (death === 3) {
          const { suspect } = poisoned.ledger!.claim;
          expect(suspect).toEqual({ index: 0, deaths: 0, partsBefore: 0, alone: true });
          // Whatever the other slice has begun has ended.
          for (const unit of begun) expect(Object.keys(other.published)).toContain(`orders/${unit}.gz`);
        }
        self.kill();
      });
      await Promise.allSettled([
        process.move(other),
        process.move(poisoned, { beat: (beat) => void beats.push(beat) }),
      ]);
      expect(process.dead).toBe(true);
    }
    expect(beats.at(-1)).toMatchObject({ phase: 'careful' });
  });

  it('keeps its count of deaths small, however often it dies before a unit begins', async () => {
    const migration = sliceOf(1);
    for (let death = 0; death < 20; death += 1) {
      // Dies before the unit begins: there is nothing against the unit.
      const process = MemoryProcess.dyingAt(({ call }) => call === 'control.read');
      await settled(process.move(migration));
      const claiming = MemoryProcess.dyingAt(({ call, when }) => call === 'control.write' && when === 'after');
      await settled(claiming.move(migration));
    }
    expect(migration.ledger?.claim).toMatchObject({ deaths: 2 });
    expect(await new MemoryProcess({}).move(migration)).toMatchObject({
      state: 'complete',
      tally: { units: { done: 1 } },
    });
  });
});

describe('a unit during which attempts end without a reason', () => {
  const silent = { sawDie: () => false };
  const dieSilently = async (migration: MemoryMigration, times: number): Promise<void> => {
    for (let death = 0; death < times; death += 1) {
      const process = new MemoryProcess(silent, (step, self) => {
        if (touches(step, 0)) self.kill();
      });
      await settled(process.move(migration));
    }
  };

  it('waits when nobody saw a process die, is never failed, and the others are done', async () => {
    const migration = sliceOf(3);
    await dieSilently(migration, 6);
    const blocked = { state: 'blocked', class: 'Poison', what: 'slice p0000/s0000', deferred: 1 };
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await new MemoryProcess(silent).move(migration)).toMatchObject({
        ...blocked,
        tally: { units: { done: 2 } },
      });
  });

  it('is tried again by a canary, and done if it was innocent', async () => {
    const migration = sliceOf(3);
    await dieSilently(migration, 6);
    const task = { ...migration.task, canary: true };
    const result = await new MemoryProcess(silent).move(migration, { task });
    expect(result).toMatchObject({ state: 'complete', tally: { units: { done: 3, failed: 0 } } });
  });

  it('is not suspected at all when the process that made the attempts still lives', async () => {
    const migration = sliceOf(2);
    const process = new MemoryProcess({});
    for (let superseded = 0; superseded < 4; superseded += 1) {
      const asleep = new Flag();
      const woken = new Flag();
      const open = migration.source.open.bind(migration.source);
      migration.source.open = async function* (...request) {
        asleep.raise();
        await woken.raised;
        yield* open(...request);
      };
      const sleeping = settled(process.move(migration));
      await asleep.raised;
      migration.source.open = open;
      expect(migration.ledger?.claim.deaths).toBeUndefined();
      sleepers.push({ sleeping, wake: woken.raise });
    }
    expect(await process.move(migration)).toMatchObject({ state: 'complete', tally: { units: { failed: 0 } } });
    for (const { wake } of sleepers) wake();
    await Promise.all(sleepers.map(({ sleeping }) => sleeping));
  });
  const sleepers: { readonly sleeping: Promise<unknown>; readonly wake: () => void }[] = [];
});

describe('what is no poison', () => {
  const interrupted = async (migration: MemoryMigration, at: number, how: (abort: AbortController) => void) => {
    const abort = new AbortController();
    const process = new MemoryProcess({ unitsInFlight: 1 }, (step) => {
      if (touches(step, at)) how(abort);
    });
    return await process.move(migration, { signal: abort.signal });
  };

  it('is a unit at which attempts are shut down, paused or timed out, however often', async () => {
    const migration = sliceOf(3);
    for (let time = 0; time < 8; time += 1)
      expect(await interrupted(migration, 0, (abort) => abort.abort(new Error('shutdown')))).toMatchObject({
        state: 'partial',
      });
    expect(migration.ledger?.claim).toMatchObject({ ended: true });
    expect(migration.ledger?.claim.deaths).toBeUndefined();
    expect(await new MemoryProcess({}).move(migration)).toMatchObject({ tally: { units: { done: 3, failed: 0 } } });
  });

  it('is one that is shut down while it is moved alone: its count stays', async () => {
    const migration = sliceOf(3);
    const dies = () => settled(MemoryProcess.dyingAt((step) => touches(step, 0)).move(migration));
    for (let death = 0; death < 5; death += 1) await dies();
    expect(migration.ledger?.claim.suspect).toMatchObject({ index: 0, deaths: 1, partsBefore: 0 });
    for (let time = 0; time < 4; time += 1) await interrupted(migration, 0, (abort) => abort.abort(new Error('pause')));
    expect(migration.ledger?.claim).toMatchObject({ deaths: 2, suspect: { index: 0, deaths: 2 }, ended: true });
    expect(await new MemoryProcess({}).move(migration)).toMatchObject({ tally: { units: { done: 3, failed: 0 } } });
  });

  it('is one whose attempts end by an error', async () => {
    const migration = sliceOf(3);
    for (let time = 0; time < 8; time += 1) {
      const process = new MemoryProcess({ unitsInFlight: 1 }, (step) => {
        if (touches(step, 0)) throw new Failure('Unexpected', 'a defect');
      });
      await expect(process.move(migration)).rejects.toMatchObject({ failureClass: 'Unexpected' });
    }
    expect(migration.ledger?.claim.deaths).toBeUndefined();
  });

  it('is a slice whose every attempt leaves a receipt before it dies', async () => {
    const migration = sliceOf(6);
    for (let death = 0; death < 5; death += 1) {
      const process = new MemoryProcess({ unitsInFlight: 1 }, async (step, self) => {
        if (touches(step, death)) time.leap(20_000);
        if (!touches(step, death + 1)) return;
        await until(() => migration.receipts.length > death);
        self.kill();
      });
      await settled(process.move(migration));
      expect(migration.ledger?.claim.deaths).toBeUndefined();
    }
    expect(migration.receipts).toHaveLength(5);
  });

  it('is a large unit that makes a new durable part at each attempt, alone or beside others', async () => {
    const MiB = 1024 * 1024;
    const migration = new MemoryMigration({ units: 2, definition: smallDefinition({ transform: { level: 0 } }) });
    migration.addBlob(0, 'a', Buffer.alloc(34 * MiB, 'large'));
    migration.addBlob(1, 'a', 'small');
    let deaths = 0;
    const attempt = async (dies: (step: ProcessStep) => boolean): Promise<void> => {
      const process = new MemoryProcess({ unitsInFlight: 1 }, (step, self) => {
        if (dies(step)) self.kill();
      });
      await settled(process.move(migration));
      if (process.dead) deaths += 1;
    };
    // Two deaths that leave nothing, and careful mode.
    for (let time = 0; time < 2; time += 1) await attempt(({ call }) => call === 'source.open');
    while (migration.ledger?.footer === undefined) {
      const before = partsOf(migration);
      await attempt(
        ({ call, subject, when }) =>
          call === 'control.write' && subject.includes('/uploads/') && when === 'after' && partsOf(migration) > before,
      );
      expect(migration.ledger?.claim.suspect?.deaths ?? 0).toBe(0);
    }
    expect(deaths).toBe(2 + 5);
    expect(outcome(migration)).toEqual(doneBut(2));
  });

  it('is a slice whose units beside each other make durable parts', async () => {
    const migration = new MemoryMigration({ units: 1, definition: smallDefinition({ transform: { level: 0 } }) });
    migration.addBlob(0, 'a', Buffer.alloc(20 * 1024 * 1024, 'large'));
    const process = new MemoryProcess({}, async ({ call, subject }, self) => {
      if (call !== 'target.uploadPart' || !subject.includes('unit-0') || partsOf(migration) === 0) return;
      await until(() => migration.ledger?.progress === true);
      self.kill();
    });
    await settled(process.move(migration));
    expect(process.dead).toBe(true);
    expect(migration.ledger?.claim).toMatchObject({ durablePart: true });
    await new MemoryProcess({}).move(migration);
    const claims = ledgerLines(migration.control.objects.get(migration.ledgerKey)!).filter(
      ({ type }) => type === 'claim',
    );
    expect(claims.filter(({ deaths }) => deaths !== undefined)).toEqual([]);
  });
});

it('a slice that has its footer writes nothing after it, even when a checkpoint cannot be deleted', async () => {
  const migration = new MemoryMigration({ units: 1, definition: smallDefinition({ transform: { level: 0 } }) });
  migration.addBlob(0, 'a', Buffer.alloc(10 * 1024 * 1024, 'large'));
  const process = new MemoryProcess({}, ({ call }) => {
    if (call === 'control.delete') throw new Failure('TargetNetwork', 'reset');
  });
  await expect(process.move(migration)).rejects.toMatchObject({ failureClass: 'TargetNetwork' });
  expect(ledgerLines(migration.control.objects.get(migration.ledgerKey)!).at(-1)).toMatchObject({ type: 'footer' });
});

describe('careful mode', () => {
  /** Two deaths at the first request to the source. */
  const dieTwice = (migration: MemoryMigration): Promise<void> => die(migration, 2);
  /** Deaths at the first request to the source: the third one names the first unit as a suspect. */
  async function die(migration: MemoryMigration, times: number): Promise<void> {
    for (let death = 0; death < times; death += 1) {
      const process = MemoryProcess.dyingAt(({ call }) => call === 'source.listPage');
      await settled(process.move(migration));
    }
  }

  it('moves beside other slices, as long as its unit is not suspected', async () => {
    const [careful, other] = [sliceOf(3), sliceOf(1)];
    await dieTwice(careful);
    const released = new Flag();
    const process = new MemoryProcess({}, async ({ migration, call, when }) => {
      if (migration === other && call === 'source.open' && when === 'before') await released.raised;
    });
    const beside = process.move(other);
    expect(await process.move(careful)).toMatchObject({ state: 'complete', tally: { units: { done: 3 } } });
    released.raise();
    expect(await beside).toMatchObject({ state: 'complete' });
  });

  it('moves one unit after another, and is over once all have passed that can have been begun before', async () => {
    const migration = sliceOf(130);
    await dieTwice(migration);
    const before: (readonly [unitsWithoutReceipt: number, besideOthers: number])[] = [];
    const process = new MemoryProcess({ unitsInFlight: 4 }, ({ call, when }) => {
      if (call !== 'source.open' || when !== 'before') return;
      before.push([before.length - migration.receipts.length, process.resources.units.activeCount]);
    });
    expect(await process.move(migration)).toMatchObject({ state: 'complete' });
    // A unit begins only when the one before has its receipt; the last ones go beside each other again.
    expect(before.slice(0, 104)).toEqual(Array.from({ length: 104 }, () => [0, 0]));
    expect(Math.max(...before.slice(104).map(([, besideOthers]) => besideOthers))).toBe(4);
    expect(outcome(migration)).toEqual(doneBut(130));
  });

  const lost = new Failure('TargetRace', 'another writer was at work');

  it('puts a unit back that fails in a way that may pass, and clears it of suspicion at once', async () => {
    const migration = sliceOf(1);
    await dieTwice(migration);
    const named: unknown[] = [];
    const process = new MemoryProcess({}, ({ call }) => {
      if (call !== 'target.put') return;
      named.push(migration.ledger?.claim.suspect);
      throw lost;
    });
    const moving = settled(process.move(migration));
    await until(() => named.length > 0 && migration.ledger?.claim.suspect === undefined);
    process.kill();
    await moving;
    expect(named[0]).toEqual({ index: 0, deaths: 0, partsBefore: 0 });
    expect(await new MemoryProcess({}).move(migration)).toMatchObject({ tally: { units: { done: 1, failed: 0 } } });
  });

  it('moves the unit first that was alone when the attempt before died', async () => {
    const migration = sliceOf(3);
    await dieTwice(migration);
    let puts = 0;
    const dying = new MemoryProcess({}, (step, self) => {
      if (touches(step, 1)) self.kill();
      if (step.call === 'target.put' && (puts += 1) === 1) throw lost;
    });
    await settled(dying.move(migration));
    expect(migration.ledger?.claim).toMatchObject({ suspect: { index: 1 } });
    const opened: string[] = [];
    const process = new MemoryProcess({}, ({ call, subject, when }) => {
      if (call === 'source.open' && when === 'before') opened.push(subject);
    });
    expect(await process.move(migration)).toMatchObject({ state: 'complete', tally: { units: { done: 3 } } });
    expect(opened).toEqual(['unit-1/a', 'unit-0/a', 'unit-2/a']);
  });

  it('says that its attempt ends by an error before a unit of another slice begins', async () => {
    const [failing, other] = [sliceOf(1), sliceOf(1)];
    await die(failing, 3);
    let ended: unknown;
    let beside: Promise<unknown> | undefined;
    const process = new MemoryProcess({}, async ({ migration, call, when }, self) => {
      if (migration === other && call === 'source.listPage') ended ??= failing.ledger?.claim;
      if (migration === other || when !== 'before' || call !== 'source.open') return;
      beside ??= self.move(other);
      await until(() => self.resources.units.activeCount > 0);
      throw new Failure('Unexpected', 'a defect');
    });
    await expect(process.move(failing)).rejects.toMatchObject({ failureClass: 'Unexpected' });
    expect(await beside).toMatchObject({ state: 'complete' });
    expect(ended).toMatchObject({ ended: true, suspect: { index: 0, partsBefore: 0 } });
  });

  it('that waits for its turn behind a long unit of another slice is neither stalled nor out of time', async () => {
    const careful = sliceOf(2);
    await die(careful, 3);
    const long = sliceOf(1);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let opened = false;
    const process = new MemoryProcess({}, async ({ migration, call, when }) => {
      if (migration !== long || call !== 'source.open' || when !== 'before') return;
      opened = true;
      await held;
    });
    const before = settled(process.move(long));
    await until(() => opened);
    const beats: SliceBeat[] = [];
    const moving = process.move(careful, { beat: (beat) => void beats.push(beat) });
    for (let minutes = 0; minutes < 60; minutes += 5) {
      const seen = beats.length;
      await until(() => beats.length > seen + 1);
      time.leap(5 * 60_000);
    }
    release();
    expect(await moving).toMatchObject({ state: 'complete', tally: { units: { done: 2 } } });
    await before;
  });
});

function partsOf(migration: MemoryMigration): number {
  const bytes = migration.control.objects.get('.longhaul/orders/r0000/uploads/0.json');
  return bytes === undefined ? 0 : (JSON.parse(bytes.toString()) as { parts: unknown[] }).parts.length;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
