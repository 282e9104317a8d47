import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readStagedSlice } from '../../../src/control/staged-slice.js';
import { definitionDigest } from '../../../src/definition/definition-digest.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import type { UnitLine } from '../../../src/definition/units/unit-line.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import { partitionSlices } from '../../../src/domain/layout.js';
import { sampleLines } from '../../../src/staging/sample-lines.js';
import { stagePlan, type PlanRequest } from '../../../src/staging/stage-plan.js';
import { exampleFile, exampleWith } from '../definition/example-file.js';
import { MemoryStore } from './staging-store.js';

const base = '.longhaul/orders/plan';
const definition = parseDefinition(exampleFile, 'migration.yaml');
const { signal } = new AbortController();
let temporaryDirectory: string;
let store: MemoryStore;
beforeAll(() => {
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'longhaul-plan-test-'));
});
beforeEach(() => {
  store = new MemoryStore();
});
afterAll(() => rmSync(temporaryDirectory, { recursive: true }));

describe('staging a plan', () => {
  it('stages all units under the name of the plan, with the digest of the migration', async () => {
    const { state, record } = await stage();
    expect(state).toBe('staged');
    expect(record).toMatchObject({ name: 'plan/orders', round: 0, plan: { of: 20, seed: 1 }, layout: { units: 20 } });
    expect(record.definition.name).toBe('plan/orders');
    expect(record.definitionDigest).toBe(definitionDigest(definition));
    expect(await stagedIds(record)).toHaveLength(20);
  });

  it('stages a sample of exactly the size that is asked for, and the same one for the same seed', async () => {
    const first = await stage({ sampleOf: (units) => units / 4 });
    expect(first.record).toMatchObject({ layout: { units: 5 }, plan: { of: 20, seed: 1 } });
    const ids = await stagedIds(first.record);
    store = new MemoryStore();
    expect(await stagedIds((await stage({ sampleOf: () => 5 })).record)).toEqual(ids);
    store = new MemoryStore();
    expect(await stagedIds((await stage({ sampleOf: () => 5, seed: 2 })).record)).not.toEqual(ids);
  });

  it('takes at least one unit and at most all', async () => {
    expect((await stage({ sampleOf: () => 0 })).record.layout.units).toBe(1);
    store = new MemoryStore();
    expect((await stage({ sampleOf: () => 1_000 })).record.layout.units).toBe(20);
  });

  it('finds the newest plan of the same units, whether it has ended or not', async () => {
    const { record } = await stage();
    expect(await stage({ newest: newest(record) })).toEqual({ state: 'attached', record });
    expect(await stage({ newest: newest(record), isRunning: true })).toEqual({ state: 'attached', record });
    expect(await stage({ newest: ended(record) })).toEqual({ state: 'attached', record });
    // Another seed chooses the same units if all are taken.
    expect((await stage({ newest: newest(record), seed: 9 })).state).toBe('attached');
  });

  it('stages another one, as the next round, on request or when definition, units or sample differ', async () => {
    const { record } = await stage();
    const next = await stage({ newest: ended(record), again: true });
    expect(next).toMatchObject({ state: 'staged', record: { round: 1 } });
    for (const change of [
      { definition: parseDefinition(exampleWith('name: orders', 'name: orders\nwhenEmpty: skip'), 'm.yaml') },
      { definition: parseDefinition(exampleWith('name: orders', 'name: orders\nlimits: { unitBlobs: 5 }'), 'm.yaml') },
      { units: 19 },
      { sampleOf: () => 5 },
    ]) {
      store.objects.delete(`${base}/r0001/migration.json`);
      expect((await stage({ newest: newest(record), ...change })).record.round, JSON.stringify(change)).toBe(1);
    }
  });

  it('finds a plan that has looked for unclaimed blobs too, but not one that has not', async () => {
    const { record } = await stage({ unclaimed: true });
    expect(record.plan).toEqual({ of: 20, seed: 1, unclaimed: true });
    expect((await stage({ newest: ended(record) })).state).toBe('attached');
    store = new MemoryStore();
    const without = (await stage()).record;
    expect((await stage({ newest: ended(without), unclaimed: true })).record.round).toBe(1);
  });

  it('does not stage another one beside one that runs', async () => {
    const { record } = await stage();
    const { calls } = store;
    const before = calls.length;
    const plan = await stage({ newest: newest(record), isRunning: true, sampleOf: () => 5 });
    expect(plan).toEqual({ state: 'other', record });
    expect(calls).toHaveLength(before);
    // A plan that runs is continued whatever is asked for.
    expect((await stage({ newest: newest(record), isRunning: true, again: true })).state).toBe('attached');
  });
});

describe('a sample', () => {
  it('of lines is in their order, and takes each of them about equally often', async () => {
    const lines = Array.from({ length: 10 }, (_, line) => String(line));
    const taken = new Map<string, number>();
    for (let seed = 0; seed < 500; seed += 1) {
      const sample: string[] = [];
      for await (const line of sampleLines(each(lines), { take: 3, of: 10, seed })) sample.push(line);
      expect(sample).toHaveLength(3);
      expect(sample).toEqual([...sample].sort());
      for (const line of sample) taken.set(line, (taken.get(line) ?? 0) + 1);
    }
    // 150 are expected; the deviation is 10.
    for (const line of lines) {
      expect(taken.get(line)).toBeGreaterThan(100);
      expect(taken.get(line)).toBeLessThan(200);
    }
  });
});

type Changes = Partial<Omit<PlanRequest, 'units'>> & { readonly units?: number };

function stage({ units = 20, ...changes }: Changes = {}) {
  return stagePlan({
    ...{
      definition,
      store,
      base,
      newest: undefined,
      isRunning: false,
      again: false,
      unclaimed: false,
      signal,
      temporaryDirectory,
    },
    ...{ sampleOf: (count) => count, seed: 1, version: '1.2.3', now: () => new Date('2026-01-02T03:04:05.000Z') },
    ...changes,
    units: unitLines(units),
  });
}

async function* unitLines(count: number): AsyncGenerator<UnitLine> {
  for (let index = 0; index < count; index += 1)
    yield { line: index + 2, fields: { tenant: `t${index}`, month: '2019-07' }, text: '' };
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function stagedIds(record: MigrationRecord): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let partition = 0; partition < record.layout.partitions; partition += 1)
    for (const slice of partitionSlices(record.layout, partition))
      ids.push(...(await readStagedSlice({ control: store, base, record }, slice, signal)).units.map(({ id }) => id));
  return ids;
}

function newest(record: MigrationRecord): NonNullable<PlanRequest['newest']> {
  return { record, recordEtag: 'e', owner: undefined, summary: undefined };
}

function ended(record: MigrationRecord): NonNullable<PlanRequest['newest']> {
  const tally = { units: { done: 20, found: 0, empty: 0, failed: 0 }, blobs: { done: 0 } };
  const times = { startedAt: '2026-01-02T03:04:05.000Z', endedAt: '2026-01-02T03:04:06.000Z' };
  const bytes = { source: 0, raw: 0, target: 0 };
  const summary = { format: 1, name: record.name, round: 0, total: 20, tally: { ...tally, bytes }, ...times };
  return { ...newest(record), summary: { ...summary, phase: 'completed' } };
}
