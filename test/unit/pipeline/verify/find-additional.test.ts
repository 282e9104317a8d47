import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { controlRound } from '../../../../src/control/control-prefix.js';
import { readVerification } from '../../../../src/control/stored-verification.js';
import { concludeVerification } from '../../../../src/pipeline/verify/conclude-verification.js';
import { KeyGroups } from '../../../../src/pipeline/verify/key-groups.js';
import type { MigrationResources } from '../../../../src/pipeline/unit/migration-resources.js';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import { crc32Base64 } from '../../../support/fakes/memory-object-target.js';
import {
  movedMigration,
  nextRound,
  runRound,
  stageMemoryVerification,
} from '../../../support/fakes/memory-verification.js';

const { signal } = new AbortController();

describe('the conclusion of a verification', () => {
  let migration: MemoryMigration;
  let verification: MigrationResources;
  beforeEach(async () => {
    migration = new MemoryMigration({ units: 4 });
    for (const unit of [0, 1, 2, 3]) migration.addBlob(unit, 'a', `content of unit ${String(unit)}`);
    await movedMigration(migration);
    verification = await stageMemoryVerification(migration, { sample: '2', sampleOf: () => 2 });
  });

  function put(key: string): void {
    const bytes = Buffer.from('of somebody');
    migration.target.objects.set(key, { bytes, etag: '"x"', crc32: crc32Base64(bytes), metadata: {} });
  }

  async function conclude() {
    await concludeVerification({ ...verification, signal, progress: () => {} });
    const result = await readVerification(controlRound(verification), signal);
    if (result === undefined) throw new Error('nothing was stored');
    return result;
  }

  it('counts what was compared, read back and found, and names the first differences', async () => {
    migration.target.objects.delete('orders/unit-2.gz');
    put('orders/unit-3.gz');
    await runRound(verification);
    expect(await conclude()).toMatchObject({
      ...{ objects: 4, intact: 2, archived: 0 },
      differences: [
        { class: 'VerifyMismatch/Foreign', objects: 1 },
        { class: 'VerifyMismatch/Missing', objects: 1 },
      ],
      first: [{ id: 'unit-2' }, { id: 'unit-3', class: 'VerifyMismatch/Foreign' }],
      additional: { objects: 0, bytes: 0, prefixes: [{ prefix: 'orders/', blobs: 0 }] },
    });
  });

  it('lists exactly the objects below the folders of the keys that no unit names', async () => {
    // The control prefix is in the same bucket; what is beside the folders of the keys is somebody else's.
    for (const key of ['orders/old/1.gz', 'orders/old/2.gz', 'orders/unit-10.gz', 'invoices/1.gz', 'x.gz']) put(key);
    await runRound(verification);
    const { additional } = await conclude();
    expect(additional).toMatchObject({ objects: 3, bytes: 33, prefixes: [{ prefix: 'orders/', blobs: 3 }] });
    expect(additional.prefixes[0]?.shapes).toMatchObject([
      { shape: 'orders/old/{n}.gz', blobs: 2, first: ['orders/old/1.gz', 'orders/old/2.gz'] },
      { shape: 'orders/unit-10.gz', blobs: 1, first: ['orders/unit-10.gz'] },
    ]);
    const list = migration.control.objects.get(additional.prefixes[0]?.list ?? '');
    const names = gunzipSync(list ?? Buffer.alloc(0))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names.sort()).toEqual(['orders/old/1.gz', 'orders/old/2.gz', 'orders/unit-10.gz']);
  });

  it('reads the keys again when a round is staged while it lists', async () => {
    await runRound(verification);
    let isStaged = false;
    const { target } = migration;
    const listPage: typeof target.listPage = async (...request) => {
      if (!isStaged) {
        isStaged = true;
        await nextRound(migration, 'moved', (unit) => ({ ...unit, key: `orders/renamed/${unit.id}.gz` }));
      }
      return target.listPage(...request);
    };
    await concludeVerification({ ...verification, target: { listPage }, signal, progress: () => {} });
    expect((await readVerification(controlRound(verification), signal))?.additional.objects).toBe(0);
  });

  it('leaves a result that is stored as it is', async () => {
    await runRound(verification);
    const first = await conclude();
    put('orders/late.gz');
    expect(await conclude()).toEqual(first);
  });
});

describe('the folders of keys', () => {
  it('are the longest that all keys below one first folder have in common', () => {
    const groups = new KeyGroups();
    for (const key of ['a/2024/x/1', 'a/2024/xy/2', 'b/1', 'a/2024/x/3', 'none']) groups.add(key);
    expect([...groups.folders]).toEqual([
      ['a/', 'a/2024/'],
      ['b/', 'b/'],
    ]);
  });
});
