import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { moveSlice } from '../../../../src/pipeline/slice/move-slice.js';
import {
  MemoryMigration,
  type MemoryMigrationOptions,
  prefixLookup,
  smallDefinition,
} from '../../../support/fakes/memory-migration.js';

/** A plan of some units, and what carries it out. */
function planOf(options: MemoryMigrationOptions) {
  const migration = new MemoryMigration(options);
  const record = { ...migration.resources.record, plan: { of: options.units, seed: 1 } };
  const run = () =>
    moveSlice({
      task: migration.task,
      resources: { ...migration.resources, record },
      process: createProcessResources({ unitsInFlight: 4 }),
      beat: () => {},
      signal: new AbortController().signal,
      buildInfo: 'longhaul 0.1.0',
    });
  return { migration, run };
}

describe('planning a slice', () => {
  it('finds the blobs of its units and neither reads a blob nor asks the target', async () => {
    const { migration, run } = planOf({ units: 2 });
    for (const unit of [0, 1]) migration.addBlob(unit, 'a', 'some text');
    migration.source.requests.hook = ({ kind }) => {
      if (kind === 'open') throw new Error('a plan reads nothing');
      return undefined;
    };
    const { state, tally } = await run();
    expect(state).toBe('complete');
    expect(tally).toMatchObject({
      units: { done: 2, failed: 0 },
      blobs: { done: 2 },
      bytes: { source: 18, target: 0 },
    });
    expect(migration.target.objects.size).toBe(0);
    expect(migration.receipts).toMatchObject([
      { state: 'done', blobs: 1, manifest: { blobs: [{ name: 'unit-0/a' }] } },
      { state: 'done', blobs: 1, manifest: { blobs: [{ name: 'unit-1/a' }] } },
    ]);
    // It is arbitrary for which unit a request counts.
    const lists = migration.receipts.map(({ planned }) => planned?.requests.lists ?? NaN);
    expect(lists.reduce((sum, each) => sum + each, 0)).toBe(migration.source.requests.count('list'));
  });

  it('fails an incomplete unit with what is missing, and knows the blobs that are there', async () => {
    const { migration, run } = planOf({ units: 1, expect: () => ({ blobs: 3 }) });
    migration.addBlob(0, 'a', '1');
    migration.addBlob(0, 'b', '22');
    expect((await run()).tally.units.failed).toBe(1);
    expect(migration.receipts).toMatchObject([
      {
        ...{ state: 'failed', class: 'Incomplete', message: '2 blobs were found, exactly 3 are expected' },
        ...{ blobs: 2, bytes: { source: 3 }, manifest: { blobs: [{ name: 'unit-0/a' }, { name: 'unit-0/b' }] } },
      },
    ]);
  });

  it.each([
    ['fail', 'failed', 'EmptyUnit'],
    ['skip', 'empty', undefined],
    ['write-empty', 'done', undefined],
  ] as const)('with whenEmpty: %s finds a unit without blobs %s', async (whenEmpty, state, failureClass) => {
    const { migration, run } = planOf({ units: 1, definition: smallDefinition({ whenEmpty }) });
    await run();
    expect(migration.receipts).toMatchObject([{ state, blobs: 0 }]);
    expect(migration.receipts[0]?.class).toBe(failureClass);
    expect(migration.receipts[0]?.planned).not.toHaveProperty('newest');
  });

  it('reports the newest blob, and how many have the content of another one', async () => {
    const { migration, run } = planOf({ units: 1 });
    for (const name of ['a', 'b', 'c']) migration.addBlob(0, name, 'the same');
    migration.addBlob(0, 'd', 'another');
    for (const name of ['e', 'f']) migration.addBlob(0, name, '');
    await run();
    // The sixth blob that this source has got, a second after the fifth.
    expect(migration.receipts[0]?.planned).toMatchObject({ newest: '2024-01-01T00:00:06.000Z', repeated: 2 });
  });

  it('counts a listing and a HEAD for each lookup, and waits for an account that is refused', async () => {
    const blob = { find: { kind: 'blob', name: 'x' }, optional: true } as const;
    const { migration, run } = planOf({
      units: 1,
      lookups: () => [prefixLookup({ prefix: 'unit-0/' }), { ...prefixLookup({ prefix: '' }), ...blob }],
    });
    migration.addBlob(0, 'a', '1');
    await run();
    expect(migration.receipts[0]?.planned?.requests).toEqual({ lists: 1, heads: 1 });

    const refused = planOf({ units: 1 });
    refused.migration.source.requests.hook = () => ({
      failure: new Failure('SourceForbidden', 'the account says no', { what: 'account east' }),
    });
    expect(await refused.run()).toMatchObject({ state: 'blocked', what: 'account east', class: 'SourceForbidden' });
    expect(refused.migration.receipts).toEqual([]);
  });
});
