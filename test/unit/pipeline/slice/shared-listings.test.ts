import { describe, expect, it } from 'vitest';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import { MemoryProcess } from '../../../support/fakes/memory-process.js';

function sliceOf(units: number, expectBlobs: number): MemoryMigration {
  const migration = new MemoryMigration({ units, expect: () => ({ blobs: expectBlobs }) });
  for (const { index } of migration.units) migration.addBlob(index, 'a', `${index}\n`);
  return migration;
}

/** Makes an attempt in which something happens right after the first page of a listing. */
async function moveWhile(migration: MemoryMigration, happens: () => void) {
  let happened = false;
  const process = new MemoryProcess({}, ({ call, when }) => {
    if (happened || call !== 'source.listPage' || when !== 'after') return;
    happened = true;
    happens();
  });
  return await process.move(migration);
}

function listings(migration: MemoryMigration): readonly string[] {
  return migration.source.requests.log.filter(({ kind }) => kind === 'list').map(({ name }) => name);
}

describe('the units of a slice', () => {
  it('share a list request', async () => {
    const migration = sliceOf(20, 1);
    expect(await new MemoryProcess({}).move(migration)).toMatchObject({ state: 'complete' });
    expect(migration.receipts.map(({ state, blobs }) => [state, blobs])).toEqual(Array(20).fill(['done', 1]));
    expect(listings(migration)).toEqual(['east/events/unit-']);
  });

  it('list by themselves before they fail because of what a shared listing said', async () => {
    const migration = sliceOf(6, 2);
    for (const { index } of migration.units) if (index !== 2 && index !== 4) migration.addBlob(index, 'b', 'b\n');
    await moveWhile(migration, () => migration.addBlob(2, 'b', 'late\n'));
    expect(migration.receipts.map(({ state, class: failed }) => failed ?? state)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'Incomplete',
      'done',
    ]);
    expect([...listings(migration)].sort()).toEqual([
      'east/events/unit-',
      'east/events/unit-2/',
      'east/events/unit-4/',
    ]);
  });

  it('list by themselves when a blob of a shared listing is gone', async () => {
    const migration = sliceOf(6, 1);
    migration.addBlob(3, 'b', 'gone\n');
    const lists = { ...migration.resources.find, expect: () => ({}) };
    Object.assign(migration.resources, { find: lists });
    await moveWhile(migration, () =>
      migration.source.remove({ account: 'east', container: 'events', name: 'unit-3/b' }),
    );
    expect(migration.receipts.map(({ state, blobs }) => [state, blobs])).toEqual(Array(6).fill(['done', 1]));
    expect(listings(migration)).toEqual(['east/events/unit-', 'east/events/unit-3/']);
  });

  it('list by themselves after attempts that died, so that a death in a listing is their own', async () => {
    const migration = sliceOf(6, 1);
    for (let death = 0; death < 2; death += 1)
      await expect(MemoryProcess.dyingAt(({ call }) => call === 'source.listPage').move(migration)).rejects.toThrow();
    await new MemoryProcess({}).move(migration);
    expect(migration.receipts.map(({ state }) => state)).toEqual(Array(6).fill('done'));
    expect(listings(migration)).toEqual(migration.units.map(({ index }) => `east/events/unit-${index}/`));
  });
});
