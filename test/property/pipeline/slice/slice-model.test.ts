import fc from 'fast-check';
import { gzipSync, gunzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { Failure } from '../../../../src/domain/failure.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import type { StagedUnit } from '../../../../src/domain/unit.js';
import type { MigrationResources } from '../../../../src/pipeline/unit/migration-resources.js';
import { settled } from '../../../../src/flow/settled.js';
import type { SliceJob } from '../../../../src/pipeline/slice/slice-job.js';
import { Flag } from '../../../support/fakes/flag.js';
import type { MemoryFault } from '../../../support/fakes/memory-faults.js';
import { MemoryMigration, sha256, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { MemoryProcess } from '../../../support/fakes/memory-process.js';
import { ledgerLines } from '../../../support/faults/request-kind.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { watchReplacements } from '../../../support/fakes/target-rival.js';

// Parts of a segment each: a unit of 4 MiB has as many checkpoints as one of 40 MiB has otherwise.
vi.mock('../../../../src/domain/target/part-plan.js', () => ({ partsMax: 10_000, partSizeBytes: () => 1 }));

useScaledTime(500);

const takeUnitsForMs = 30 * 60_000;
const MiB = 1024 * 1024;
const texts = [
  Buffer.from('a small unit\n'),
  Buffer.alloc(3.5 * MiB, 'a unit whose bytes are enough for parts '),
  Buffer.from('another small unit\n'),
  // Small enough that no resumable digest is kept at first, and yet of two parts.
  Buffer.alloc(1.5 * MiB, 'a unit in between '),
];

/**
 * What happens next. Steps are requests of a process, before or after they are carried out; losses are requests of all
 * of them.
 */
type Happening = { readonly losses: readonly number[]; readonly unitsInFlight: number } & (
  | { readonly kind: 'die' | 'sleep' | 'pause' | 'drain'; readonly step: number }
  /** All sleeping attempts wake up while one more attempt begins. */
  | { readonly kind: 'wake' }
  /** Somebody aborts the uploads that are open: an operator, or a rule of the bucket. */
  | { readonly kind: 'abort uploads' }
  /** The slice is completed and its units are staged as the next round. */
  | { readonly kind: 'round' }
  /** Account or target refuse every request of one attempt, or every read breaks. */
  | { readonly kind: 'refuse account' | 'refuse target' | 'break reads'; readonly canary: boolean }
);

const losses = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 });
const unitsInFlight = fc.integer({ min: 1, max: 3 });
const step = fc.integer({ min: 1, max: 100 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('die', 'sleep', 'pause', 'drain'),
      ...{ step, losses, unitsInFlight },
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wake'), losses, unitsInFlight }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('round', 'abort uploads'), losses, unitsInFlight }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('refuse account', 'refuse target', 'break reads'),
      ...{ canary: fc.boolean(), losses: fc.constant([]), unitsInFlight },
    }),
  },
);

class World {
  readonly migration = new MemoryMigration({
    units: texts.length,
    definition: smallDefinition({ transform: { level: 0 } }),
    partBytesMin: 1,
    pieceBytes: MiB,
  });
  readonly replacements = watchReplacements(this.migration.target);
  #round = 0;
  #resources: MigrationResources = this.migration.resources;
  #sleepers: { readonly wake: () => void; readonly ended: Promise<unknown> }[] = [];
  /** What the ledger of the round has contained so far: it may grow but never change. */
  #told: readonly Receipt[] = [];

  constructor() {
    for (const [unit, text] of texts.entries()) this.migration.addBlob(unit, 'a', text);
  }

  async happen(next: Happening): Promise<void> {
    this.#lose(next.losses);
    switch (next.kind) {
      case 'die':
        await this.#attempt(next, (process) => process.kill());
        break;
      case 'sleep':
        await this.#sleep(next);
        break;
      case 'pause':
        await this.#attempt(next, (_process, abort) => abort.abort(new Error('pause')));
        break;
      case 'drain': {
        const control = { draining: false };
        await this.#attempt(next, () => void (control.draining = true), { control });
        break;
      }
      case 'wake':
        await Promise.all([this.#wake(), this.#attempt({ ...next, step: Infinity }, () => undefined)]);
        break;
      case 'abort uploads':
        this.migration.target.uploads.clear();
        break;
      case 'round':
        await this.complete();
        await this.#nextRound();
        break;
      case 'refuse account':
      case 'refuse target':
      case 'break reads':
        await this.#fail(next);
        break;
    }
    this.#checkLedger();
  }

  /** Moves what is left, undisturbed. */
  async complete(): Promise<void> {
    this.#lose([]);
    const process = new MemoryProcess({});
    const result = await process.move(this.migration, this.#changes());
    expect(result.state).toBe('complete');
    this.#checkLedger();
    expect(this.#told.map(({ index, state }) => [index, state])).toEqual(
      texts.map((_text, index) => [index, expect.stringMatching(/^(done|found)$/)]),
    );
  }

  /** Lets all sleeping attempts end, and expects every object to be there once, whole, and as its receipts say. */
  async end(undisturbed: ReadonlyMap<string, Buffer> | undefined): Promise<void> {
    await this.complete();
    await this.#wake();
    this.#checkLedger();
    for (const [index, text] of texts.entries()) {
      const key = `orders/unit-${String(index)}.gz`;
      const object = this.migration.target.objects.get(key);
      if (object === undefined) throw new Error(`${key} is not there`);
      expect(gunzipSync(object.bytes).equals(text)).toBe(true);
      expect(undisturbed?.get(key)?.equals(object.bytes) ?? true).toBe(true);
      expect(this.#told[index]).toMatchObject({ target: { etag: object.etag }, raw: { sha256: sha256(text) } });
    }
    // Not even with the same bytes is an object written twice.
    expect(this.replacements.map(({ key }) => key).sort()).toEqual([...this.migration.target.objects.keys()].sort());
  }

  #changes(): Partial<SliceJob> & Pick<SliceJob, 'task' | 'resources'> {
    return { task: { ...this.migration.task, round: this.#round }, resources: this.#resources };
  }

  /** One attempt in a process of its own; at its step `step` something is done to it. */
  async #attempt(
    next: { readonly step: number; readonly unitsInFlight: number },
    act: (process: MemoryProcess, abort: AbortController) => void,
    changes: Partial<SliceJob> = {},
  ): Promise<void> {
    const abort = new AbortController();
    let steps = 0;
    const process = new MemoryProcess(next, (_step, self) => {
      steps += 1;
      if (steps === next.step) act(self, abort);
    });
    const round = this.#round;
    const result = await settled(
      process.move(this.migration, { ...this.#changes(), signal: abort.signal, ...changes }),
    );
    // What a slice says that it has done is in its ledger, whatever became of the replies.
    if ('value' in result && result.value.state === 'complete')
      expect(this.#linesOf(round).at(-1)).toMatchObject({ type: 'footer', tally: result.value.tally });
  }

  /** One attempt for which everything of a kind fails: it reports this, and no unit fails because of it. */
  async #fail(next: Extract<Happening, { canary: boolean }> & { readonly unitsInFlight: number }): Promise<void> {
    const { source, target } = this.migration;
    const [failureClass, state, what] = (
      {
        'refuse account': ['SourceForbidden', 'blocked', 'account east'],
        'refuse target': ['TargetForbidden', 'blocked', 'target archive'],
        'break reads': ['SourceNetwork', 'waiting', 'account east'],
      } as const
    )[next.kind];
    const failure = new Failure(failureClass, next.kind, { what });
    if (next.kind === 'refuse target') target.requests.hook = () => ({ fault: 'fail', failure });
    else
      source.requests.hook = ({ kind }) =>
        next.kind === 'refuse account' || kind === 'open' ? { failure } : undefined;
    const listed = source.requests.count('list');
    const changes = this.#changes();
    const task = { ...changes.task, canary: next.canary };
    const begunMs = performance.now();
    const result = await new MemoryProcess(next).move(this.migration, { ...changes, task });
    // On a busy machine the half hour of an attempt, which is seconds here, may be over: then units wait for nothing.
    const isOld = result.state === 'partial' && performance.now() - begunMs > takeUnitsForMs;
    source.requests.hook = undefined;
    target.requests.hook = undefined;
    // Units that are in place need no read.
    if (result.state !== 'complete' && !isOld) expect(result).toMatchObject({ state });
    expect(result.tally.units.failed).toBe(0);
    if (result.state === 'blocked' && next.canary)
      expect(source.requests.count('list') - listed).toBeLessThanOrEqual(1);
  }

  async #sleep(next: { readonly step: number; readonly unitsInFlight: number }): Promise<void> {
    const asleep = new Flag();
    const woken = new Flag();
    const ended = this.#attempt(next, (process) => {
      process.hold(woken.raised);
      asleep.raise();
    });
    this.#sleepers.push({ wake: woken.raise, ended });
    await Promise.race([asleep.raised, ended]);
  }

  async #wake(): Promise<void> {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const { wake } of sleepers) wake();
    await Promise.all(sleepers.map(({ ended }) => ended));
  }

  /** Loses requests or replies of those to come, counted over all processes. */
  #lose(lost: readonly number[]): void {
    let count = 0;
    const hook = (): MemoryFault | undefined => {
      count += 1;
      if (!lost.includes(count)) return undefined;
      return count % 2 === 0 ? { fault: 'lose-request' } : { fault: 'lose-reply' };
    };
    this.migration.control.requests.hook = hook;
    this.migration.target.requests.hook = hook;
  }

  /** Stages all units again, each with what its receipt has proved, as `start --again` does. */
  async #nextRound(): Promise<void> {
    const { base, control, units } = this.migration;
    const staged = units.map((unit): StagedUnit => {
      const { target, raw, manifest, bytes } = this.#told[unit.index] ?? {};
      if (target === undefined || raw === undefined || manifest === undefined) throw new Error('not done');
      const previous = { etag: target.etag, manifest: manifest.digest, rawBytes: bytes?.raw ?? 0, ...raw };
      return { ...unit, previous };
    });
    this.#round += 1;
    this.#told = [];
    const record = { ...this.#resources.record, round: this.#round };
    this.#resources = { ...this.#resources, record };
    const key = controlKeys.stagedSlice(base, this.#round, record.unitsDigest, this.migration.task);
    const lines = staged.map((unit) => JSON.stringify(unit) + '\n').join('');
    await control.overwrite(key, gzipSync(lines), new AbortController().signal);
  }

  #linesOf(round: number): ReturnType<typeof ledgerLines> {
    const { base, control, task } = this.migration;
    const bytes = control.objects.get(controlKeys.ledger(base, round, task));
    return bytes === undefined ? [] : ledgerLines(bytes);
  }

  #checkLedger(): void {
    const lines = this.#linesOf(this.#round);
    const receipts = lines.filter(({ type }) => type === 'receipt') as unknown as Receipt[];
    const indexes = receipts.map(({ index }) => index);
    expect(new Set(indexes).size).toBe(indexes.length);
    expect(receipts).toEqual(expect.arrayContaining([...this.#told]));
    this.#told = receipts.sort((a, b) => a.index - b.index);
  }
}

it('publishes each object once and whole, with one receipt a round, whatever happens to attempts', async () => {
  const undisturbed = new World();
  await undisturbed.end(undefined);
  const bytes = new Map([...undisturbed.migration.target.objects].map(([key, object]) => [key, object.bytes]));
  expect([...undisturbed.migration.target.objects.values()].map(({ etag }) => /-(\d+)"$/.exec(etag)?.[1])).toEqual(
    expect.arrayContaining(['4', '2']),
  );

  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 10 }), async (happenings) => {
      const world = new World();
      for (const next of happenings) await world.happen(next);
      await world.end(bytes);
    }),
    { numRuns: 50 },
  );
});
