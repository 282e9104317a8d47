import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';
import type { MemoryObject } from '../../../support/fakes/memory-object-target.js';
import { movedMigration, nextRound, verifyInMemory } from '../../../support/fakes/memory-verification.js';

const key = 'orders/unit-0.gz';

describe.each(['never', 'changed', 'always'] as const)('repairing an object under overwrite: %s', (overwrite) => {
  let migration: MemoryMigration;
  beforeEach(async () => {
    migration = new MemoryMigration({ units: 1, definition: smallDefinition({ target: { overwrite } }) });
    migration.addBlob(0, 'a', 'content');
    await movedMigration(migration);
  });

  function change(changed: (object: MemoryObject) => Partial<MemoryObject>): void {
    const object = migration.target.objects.get(key);
    if (object === undefined) throw new Error('nothing was moved');
    migration.target.objects.set(key, { ...object, ...changed(object) });
  }

  const repair = () => nextRound(migration, 'moved', (unit) => ({ ...unit, repair: true }));

  it.each([
    ['gone', () => migration.target.objects.delete(key)],
    ['cut', () => change(({ bytes }) => ({ bytes: bytes.subarray(0, 5), etag: '"cut"' }))],
    ['of other bytes under the same ETag', () => change(({ bytes }) => ({ bytes: Buffer.from(bytes).fill(0, 10) }))],
    ['without its metadata', () => change(() => ({ metadata: {} }))],
    ['with other tags', () => change(() => ({ tags: { team: 'sales' } }))],
  ])('replaces one that is %s with what was written', async (_what, spoil) => {
    const before = migration.target.objects.get(key);
    spoil();
    expect(await repair()).toMatchObject([{ state: 'done' }]);
    expect(migration.target.objects.get(key)).toEqual(before);
    expect((await verifyInMemory(migration, { sampleOf: () => 1 }))[0]).toMatchObject({ state: 'done' });
  });

  it('never replaces a foreign object', async () => {
    change(() => ({ bytes: Buffer.from('theirs'), etag: '"theirs"', metadata: { owner: 'somebody' } }));
    const theirs = migration.target.objects.get(key);
    expect(await repair()).toMatchObject([{ state: 'failed', class: 'TargetConflict' }]);
    expect(migration.target.objects.get(key)).toBe(theirs);
  });

  it('replaces no object that appears while it moves the bytes', async () => {
    change(() => ({ tags: { team: 'sales' } }));
    migration.target.requests.hook = ({ kind }) => {
      if (kind === 'put') change(() => ({ etag: '"theirs"', metadata: { owner: 'somebody' } }));
      return undefined;
    };
    expect(await repair()).toMatchObject([{ state: 'failed', class: 'TargetConflict' }]);
    expect(migration.target.objects.get(key)?.etag).toBe('"theirs"');
  });

  it('does not take the object that it should replace for its own when a reply is lost', async () => {
    change(() => ({ tags: { team: 'sales' } }));
    let puts = 0;
    migration.target.requests.hook = ({ kind }) => {
      if (kind !== 'put') return undefined;
      puts += 1;
      return puts === 1 ? { fault: 'lose-request' } : undefined;
    };
    expect(await repair()).toMatchObject([{ state: 'done' }]);
    expect(migration.target.objects.get(key)?.tags).toBeUndefined();
  });
});
