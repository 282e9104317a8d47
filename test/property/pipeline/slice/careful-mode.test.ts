import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { settled } from '../../../../src/flow/settled.js';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import { MemoryProcess, type ProcessStep } from '../../../support/fakes/memory-process.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

/** What a unit is like. */
interface Trait {
  /** The request at which it kills its process, if it does. */
  readonly deadly: 'source.listPage' | 'source.open' | 'target.put' | undefined;
  /** Turns of the event loop that its blob takes, so that others die while it is in flight. */
  readonly slow: number;
  /** How often it fails in a way that may pass. */
  readonly flaky: number;
}

function migrationOf(slice: readonly Trait[]): MemoryMigration {
  const migration = new MemoryMigration({ units: slice.length });
  for (const unit of slice.keys()) migration.addBlob(unit, 'a', `text of unit ${String(unit)}\n`);
  return migration;
}

/** What else happens to one process, at a step of its own: somebody kills it, or tells it to shut down. */
interface Disturbance {
  readonly process: number;
  readonly step: number;
}

const trait: fc.Arbitrary<Trait> = fc.record({
  deadly: fc.option(fc.constantFrom('source.listPage', 'source.open', 'target.put'), { nil: undefined, freq: 3 }),
  slow: fc.constantFrom(0, 0, 5, 60),
  flaky: fc.constantFrom(0, 0, 0, 2),
});
const disturbances = (max: number) =>
  fc.array(fc.record({ process: fc.nat(15), step: fc.integer({ min: 1, max: 60 }) }), { maxLength: max });

it('parks exactly the units that kill their process, whatever moves beside them, and moves all others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(trait, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      // Fewer kills from outside than a unit has to be alone in before it is parked.
      disturbances(2),
      disturbances(4),
      async (slices, unitsInFlight, kills, shutdowns) => {
        const all = slices.map((slice) => ({ slice, migration: migrationOf(slice), flaws: new Map<number, number>() }));
        const poison = slices.flat().filter(({ deadly }) => deadly !== undefined).length;
        let processes = 0;
        while (all.some(({ migration }) => migration.ledger?.footer === undefined)) {
          await generation(all, { unitsInFlight, kills: at(kills, processes), shutdowns: at(shutdowns, processes) });
          processes += 1;
          // A slice dies by its own poison six times at most, and each death takes those beside it along.
          expect(processes).toBeLessThan(20 + 6 * poison);
        }
        for (const { slice, migration } of all) {
          const outcome = migration.receipts.map(({ state, class: failureClass }) => failureClass ?? state);
          expect(outcome).toEqual(
            slice.map(({ deadly }) => (deadly === undefined ? expect.stringMatching(/^(done|found)$/) : 'Poison')),
          );
          expect(Object.keys(migration.published)).toHaveLength(
            slice.filter(({ deadly }) => deadly === undefined).length,
          );
        }
      },
    ),
    { numRuns: 120 },
  );
});

function at(disturbed: readonly Disturbance[], process: number): readonly number[] {
  return disturbed.filter((one) => one.process === process).map(({ step }) => step);
}

interface Moved {
  readonly slice: readonly Trait[];
  readonly migration: MemoryMigration;
  /** How often each unit has failed. */
  readonly flaws: Map<number, number>;
}

/** One process, which moves all slices that are not complete beside each other. */
async function generation(
  all: readonly Moved[],
  disturbed: {
    readonly unitsInFlight: number;
    readonly kills: readonly number[];
    readonly shutdowns: readonly number[];
  },
): Promise<void> {
  const shutdown = new AbortController();
  let steps = 0;
  const process = new MemoryProcess({ unitsInFlight: disturbed.unitsInFlight }, async (step, self) => {
    steps += 1;
    if (disturbed.shutdowns.includes(steps)) shutdown.abort(new Error('shutdown'));
    if (disturbed.kills.includes(steps)) self.kill();
    const moved = all.find(({ migration }) => migration === step.migration);
    if (moved !== undefined && step.when === 'before') await behave(moved, step, self);
  });
  const open = all.filter(({ migration }) => migration.ledger?.footer === undefined);
  await Promise.all(open.map(({ migration }) => settled(process.move(migration, { signal: shutdown.signal }))));
}

async function behave({ slice, flaws }: Moved, { call, subject }: ProcessStep, process: MemoryProcess): Promise<void> {
  const unit = Number(/unit-(\d+)/.exec(subject)?.[1]);
  const { deadly, slow, flaky } = slice[unit] ?? { deadly: undefined, slow: 0, flaky: 0 };
  if (call === 'source.open') for (let turn = 0; turn < slow; turn += 1) await new Promise(setImmediate);
  const failed = flaws.get(unit) ?? 0;
  if (call === 'target.put' && failed < flaky) {
    flaws.set(unit, failed + 1);
    throw new Failure('TargetRace', 'another writer was at work');
  }
  // A listing that several units share dies of any of them.
  const lists = subject === 'unit-' && slice.some((each) => each.deadly === call);
  if (call === deadly || lists) process.kill();
}
