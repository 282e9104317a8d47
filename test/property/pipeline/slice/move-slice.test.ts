import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import type { MemoryFault } from '../../../support/fakes/memory-faults.js';
import { MemoryMigration, sha256 } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { watchReplacements } from '../../../support/fakes/target-rival.js';

useScaledTime(100);

const units = 5;

function migrationOf(): MemoryMigration {
  const migration = new MemoryMigration({ units });
  for (let unit = 0; unit < units; unit += 1)
    for (let blob = 0; blob < unit; blob += 1) migration.addBlob(unit, `blob-${blob}`, `unit ${unit}, blob ${blob}\n`);
  // Unit 0 has no blob and fails; unit 4 is damaged at the source.
  migration.addBlob(4, 'damaged', 'x', { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
  return migration;
}

function attempt(migration: MemoryMigration, unitsInFlight: number) {
  return moveSlice({
    task: migration.task,
    resources: migration.resources,
    process: createProcessResources({ unitsInFlight }),
    beat: () => {},
    signal: new AbortController().signal,
    buildInfo: 'longhaul 0.1.0',
  });
}

/**
 * Lets the process die at its step `last`: that request is not sent, or carried out without a reply, and none after it
 * is answered.
 */
function dieAt(migration: MemoryMigration, last: number, fault: MemoryFault): { steps: number } {
  const state = { steps: 0 };
  // A class that is never retried: the attempt ends at once, as in a crash.
  const crash = new Failure('Superseded', 'the process is dead');
  const hook = async (): Promise<MemoryFault | undefined> => {
    state.steps += 1;
    if (state.steps > last) throw crash;
    return state.steps === last ? fault : undefined;
  };
  migration.control.requests.hook = hook;
  migration.target.requests.hook = hook;
  migration.source.requests.hook = async () => {
    await hook();
    return undefined;
  };
  return state;
}

function revive(migration: MemoryMigration): void {
  migration.control.requests.hook = undefined;
  migration.target.requests.hook = undefined;
  migration.source.requests.hook = undefined;
}

/** The parts of a receipt that do not depend on when it was made, and by which attempt. */
const lasting = ({ at: _at, took: _took, compared: _compared, state, ...rest }: Receipt) => ({
  ...rest,
  state: state === 'found' ? 'done' : state,
});

it('ends with the same objects and receipts wherever attempts die, and does nothing twice', async () => {
  const undisturbed = migrationOf();
  const steps = dieAt(undisturbed, Infinity, { fault: 'lose-reply' });
  await attempt(undisturbed, 2);
  expect(steps.steps).toBeGreaterThan(25);
  expect(Object.values(undisturbed.published)).toContain(sha256('unit 1, blob 0\n'));

  const death = fc.tuple(fc.integer({ min: 1, max: 45 }), fc.constantFrom('lose-request', 'lose-reply'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(death, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (deaths, unitsInFlight) => {
        const migration = migrationOf();
        const replacements = watchReplacements(migration.target);
        let flushed: readonly Receipt[] = [];
        for (const [step, fault] of deaths) {
          dieAt(migration, step, { fault });
          await attempt(migration, unitsInFlight).catch((error: unknown) => error);
          revive(migration);
          // What an attempt has flushed is there for good.
          expect(migration.receipts).toEqual(expect.arrayContaining([...flushed]));
          flushed = migration.receipts;
        }
        const opened = migration.source.requests.log.length;
        const result = await attempt(migration, unitsInFlight);

        expect(result.state).toBe('complete');
        expect(migration.published).toEqual(undisturbed.published);
        expect(migration.receipts.map(lasting)).toEqual(undisturbed.receipts.map(lasting));
        expect(migration.ledger?.footer?.tally).toEqual(result.tally);
        expect(replacements.map(({ key }) => key).sort()).toEqual(Object.keys(undisturbed.published).sort());
        const read = migration.source.requests.log.slice(opened).filter(({ kind }) => kind === 'open');
        for (const { index } of flushed)
          expect(read.filter(({ name }) => name.includes(`/unit-${index}/`))).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});
