import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import type { MigrationResources } from '../../../../src/pipeline/unit/migration-resources.js';
import { Flag } from '../../../support/fakes/flag.js';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { crc32Base64, type MemoryObject } from '../../../support/fakes/memory-object-target.js';
import {
  movedMigration,
  nextRound,
  runRound,
  stageMemoryVerification,
  verifyInMemory,
} from '../../../support/fakes/memory-verification.js';

const key = 'orders/unit-0.gz';
const all = { sample: '100%', sampleOf: (objects: number) => objects };

describe('verifying a unit', () => {
  let migration: MemoryMigration;
  beforeEach(async () => {
    migration = new MemoryMigration({ units: 2 });
    for (const unit of [0, 1]) migration.addBlob(unit, 'a', `content of unit ${String(unit)}`);
    await movedMigration(migration);
  });

  function change(changed: (object: MemoryObject) => Partial<MemoryObject>): void {
    const object = migration.target.objects.get(key);
    if (object === undefined) throw new Error('nothing was moved');
    migration.target.objects.set(key, { ...object, ...changed(object) });
  }

  it('asks for each object once, and reads and writes none', async () => {
    const before = migration.target.requests.count('put');
    migration.target.requests.hook = ({ kind }) => {
      if (kind !== 'head') throw new Error(`a verification by HEAD makes no ${kind}`);
      return undefined;
    };
    expect(await verifyInMemory(migration)).toMatchObject([
      { id: 'unit-0', state: 'done', blobs: 0, bytes: { target: 0 }, verified: { round: 0, readBack: false } },
      { id: 'unit-1', state: 'done' },
    ]);
    expect(migration.target.requests.count('put')).toBe(before);
  });

  it('needs nothing of the units file, however long an answer takes', async () => {
    const find = {
      lookups: () => {
        throw new Failure('ConfigError', 'unknown variable "days"');
      },
      expect: () => ({}),
    };
    let isAsked = false;
    const beaten = new Flag();
    migration.target.requests.hook = async () => {
      isAsked = true;
      await beaten.raised;
      return undefined;
    };
    const resources = await stageMemoryVerification(migration);
    const receipts = await runRound({ ...resources, find }, () => {
      if (isAsked) beaten.raise();
    });
    expect(receipts).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  });

  it('finds an object that is gone', async () => {
    migration.target.objects.delete(key);
    expect(await verifyInMemory(migration)).toMatchObject([
      { state: 'failed', class: 'VerifyMismatch/Missing', message: `${key}: there is no object` },
      { state: 'done' },
    ]);
  });

  it('finds an object that was cut', async () => {
    change(({ bytes }) => ({ bytes: bytes.subarray(0, 5), etag: '"cut"', crc32: crc32Base64(bytes.subarray(0, 5)) }));
    const [receipt] = await verifyInMemory(migration);
    expect(receipt).toMatchObject({ class: 'VerifyMismatch/Size' });
    expect(receipt?.message).toMatch(
      /^orders\/unit-0.gz: it has 5 bytes, not \d+; its CRC-32 is .*; its ETag is "cut"/,
    );
  });

  it('finds a foreign object, and not ours of another round', async () => {
    change(() => ({ etag: '"other"', metadata: {} }));
    expect(await classOf(verifyInMemory(migration))).toBe('VerifyMismatch/Foreign');
    change(() => ({ metadata: { ...migration.target.objects.get('orders/unit-1.gz')?.metadata } }));
    expect(await classOf(verifyInMemory(migration))).toBe('VerifyMismatch/Foreign');
  });

  it('finds a flipped byte by the checksum that the store keeps, or else by the ETag', async () => {
    change(({ bytes }) => ({ bytes: flipped(bytes), etag: '"new"', crc32: crc32Base64(flipped(bytes)) }));
    expect(await classOf(verifyInMemory(migration))).toBe('VerifyMismatch/Checksum');
  });

  it('finds a flipped byte that the store does not know of only by reading the object back', async () => {
    change(({ bytes }) => ({ bytes: flipped(bytes) }));
    expect(await classOf(verifyInMemory(migration))).toBeUndefined();
    const [receipt, other] = await verifyInMemory(migration, all);
    expect(receipt).toMatchObject({ class: 'VerifyMismatch/Content', verified: { readBack: true } });
    expect(other).toMatchObject({
      state: 'done',
      verified: { readBack: true },
      bytes: { raw: 'content of unit 1'.length },
    });
  });

  it('finds changed metadata, and names what has changed', async () => {
    change(({ metadata }) => ({ metadata: { ...metadata, owner: 'somebody' } }));
    expect((await verifyInMemory(migration))[0]).toMatchObject({
      ...{ class: 'VerifyMismatch/Metadata', message: `${key}: metadata owner was added` },
    });
    // The very object of the receipt, by its ETag: not foreign, although it no longer says whose it is.
    change(() => ({ metadata: {} }));
    const [receipt] = await verifyInMemory(migration);
    expect(receipt).toMatchObject({ class: 'VerifyMismatch/Metadata' });
    expect(receipt?.message).toContain('metadata longhaul-unit is gone');
  });

  it('finds another content type', async () => {
    change(() => ({ more: { contentType: 'text/plain' } }));
    expect((await verifyInMemory(migration))[0]).toMatchObject({
      ...{ class: 'VerifyMismatch/Metadata', message: `${key}: content type is text/plain, not application/gzip` },
    });
  });

  it('finds another storage class, and reads no object in an archive', async () => {
    change(() => ({ more: { storageClass: 'STANDARD' } }));
    expect(await classOf(verifyInMemory(migration))).toBeUndefined();
    change(() => ({ more: { storageClass: 'GLACIER', isArchived: true } }));
    const [receipt] = await verifyInMemory(migration, all);
    expect(receipt).toMatchObject({
      ...{ class: 'VerifyMismatch/StorageClass', message: `${key}: its storage class is GLACIER, not STANDARD` },
      verified: { readBack: false, archived: 'GLACIER' },
    });
  });

  it('names the most serious of several differences first, and reports all', async () => {
    change(() => ({ etag: '"new"', more: { storageClass: 'STANDARD_IA' } }));
    const [receipt] = await verifyInMemory(migration);
    expect(receipt?.class).toBe('VerifyMismatch/Etag');
    expect(receipt?.message).toContain('; its storage class is STANDARD_IA');
  });

  it('tries again what may pass, and looks again at an object that is replaced while it is read', async () => {
    let races = 0;
    migration.target.requests.hook = ({ kind, name }) => {
      if (kind !== 'get' || name !== key || races > 0) return undefined;
      races += 1;
      change(() => ({ etag: '"replaced"' }));
      return undefined;
    };
    expect((await verifyInMemory(migration, all))[0]).toMatchObject({ class: 'VerifyMismatch/Etag' });
  });
});

describe('verifying a unit with tags, metadata and a storage class of its own', () => {
  const definition = smallDefinition({
    target: { tags: { team: 'data' }, metadata: { Origin: 'logs' }, storageClass: 'STANDARD_IA' },
  });

  async function verified(object: Partial<MemoryObject>): Promise<Receipt | undefined> {
    const migration = new MemoryMigration({ units: 1, definition });
    migration.addBlob(0, 'a', 'content');
    await movedMigration(migration);
    const put = migration.target.objects.get(key);
    if (put === undefined) throw new Error('nothing was moved');
    // What a store makes of the settings of the target.
    const made = { tags: { team: 'data' }, more: { storageClass: 'STANDARD_IA' } };
    const metadata = { ...put.metadata, origin: 'logs' };
    migration.target.objects.set(key, { ...put, metadata, ...made, ...object });
    return (await verifyInMemory(migration))[0];
  }

  it('accepts what the definition says', async () => {
    expect(await verified({})).toMatchObject({ state: 'done' });
  });

  it('finds changed tags', async () => {
    expect(await verified({ tags: { team: 'sales', more: 'x' } })).toMatchObject({
      ...{ class: 'VerifyMismatch/Tags', message: `${key}: tag team is sales, not data; tag more was added` },
    });
  });

  it('finds changed metadata of the definition', async () => {
    expect(await verified({ metadata: {} })).toMatchObject({ class: 'VerifyMismatch/Metadata' });
  });

  it('finds another storage class', async () => {
    expect(await verified({ more: {} })).toMatchObject({
      ...{ class: 'VerifyMismatch/StorageClass', message: `${key}: its storage class is STANDARD, not STANDARD_IA` },
    });
  });
});

describe('verifying beside a migration that moves on', () => {
  let migration: MemoryMigration;
  let verification: MigrationResources;
  beforeEach(async () => {
    migration = new MemoryMigration({ units: 2, definition: smallDefinition({ target: { overwrite: 'changed' } }) });
    for (const unit of [0, 1]) migration.addBlob(unit, 'a', `content of unit ${String(unit)}`);
    await movedMigration(migration);
    verification = await stageMemoryVerification(migration);
    migration.addBlob(0, 'b', 'more');
  });

  it('compares an object that a later round has replaced with the receipt of that round', async () => {
    await nextRound(migration);
    expect(await runRound(verification)).toMatchObject([
      { state: 'done', verified: { round: 1 }, notes: [] },
      // It was there already when the later round looked, and is as the earlier one made it.
      { state: 'done', verified: { round: 0 } },
    ]);
  });

  it('finds what is different from the receipt of that round', async () => {
    await nextRound(migration);
    const object = migration.target.objects.get(key);
    if (object !== undefined) migration.target.objects.set(key, { ...object, etag: '"changed since"' });
    expect((await runRound(verification))[0]).toMatchObject({ class: 'VerifyMismatch/Etag', verified: { round: 1 } });
  });

  it('calls an object that an open round has just written neither different nor compared', async () => {
    await nextRound(migration, 'open');
    expect((await runRound(verification))[0]).toMatchObject({
      ...{ state: 'done', verified: { round: 0 } },
      notes: ['not compared: round 1 moves the unit again and has no receipt of it yet'],
    });
  });

  it('finds a foreign object, and one that is gone, whatever is open', async () => {
    await nextRound(migration, 'open');
    migration.target.objects.delete(key);
    expect((await runRound(verification))[0]).toMatchObject({ class: 'VerifyMismatch/Missing' });
  });
});

async function classOf(receipts: Promise<readonly Receipt[]>): Promise<string | undefined> {
  return (await receipts)[0]?.class;
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  // Not in the header of the gzip file, whose time and system may be anything.
  copy[12] = (copy[12] ?? 0) ^ 1;
  return copy;
}
