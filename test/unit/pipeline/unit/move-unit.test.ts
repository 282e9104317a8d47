import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../../src/domain/definition.js';
import { Failure } from '../../../../src/domain/failure.js';
import type { SourceBlob } from '../../../../src/domain/manifest.js';
import { moveUnit } from '../../../../src/pipeline/unit/move-unit.js';
import type { UnitJob } from '../../../../src/pipeline/unit/unit-job.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { useBzip2 } from '../../../support/corpora/bzip2.js';
import { crc32Base64 } from '../../../support/fakes/memory-object-target.js';
import {
  MemoryMigration,
  type MemoryMigrationOptions,
  sha256,
  smallDefinition,
} from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { objectOf } from '../../../support/fakes/target-rival.js';

useScaledTime(200);
const bzip2 = useBzip2();

const MiB = 1024 * 1024;

function migrationOf(options: Partial<MemoryMigrationOptions> = {}) {
  const migration = new MemoryMigration({ units: 1, ...options });
  const process = createProcessResources({});
  const move = (changes: Partial<UnitJob> = {}) =>
    moveUnit({
      unit: migration.unit,
      resources: migration.resources,
      process,
      askFirst: false,
      moved: () => {},
      buildInfo: 'longhaul 0.1.0',
      signal: new AbortController().signal,
      ...changes,
    });
  return { migration, process, move };
}

/** What {@link smallDefinition} takes, with bzip2. */
const withBzip2 = (changes: Parameters<typeof smallDefinition>[0] = {}): Definition =>
  smallDefinition({ ...changes, transform: { decompress: 'bzip2', ...changes.transform } });

/** Makes the target a store that returns no CRC-32 in its answers to HEAD. */
function withoutCrc32({ target }: MemoryMigration): void {
  const head = target.head.bind(target);
  target.head = async (key, signal) => {
    const { crc32: _, ...rest } = (await head(key, signal)) ?? {};
    return 'etag' in rest ? rest : undefined;
  };
}

describe('a small unit', () => {
  it('becomes one object of its blobs in order, and its receipt proves it', async () => {
    const { migration, move } = migrationOf({ definition: withBzip2() });
    const b = migration.addBlob(0, 'b.bz2', await bzip2('second\n', '', 'third\n'));
    const a = migration.addBlob(0, 'a.bz2', await bzip2('first\n'));
    let moved = 0;
    const receipt = await move({ moved: (bytes) => (moved += bytes) });
    const text = 'first\nsecond\nthird\n';
    const object = migration.target.objects.get('orders/unit-0.gz')!;
    expect(gunzipSync(object.bytes).toString()).toBe(text);
    expect(receipt).toEqual({
      index: 0,
      id: 'unit-0',
      key: 'orders/unit-0.gz',
      state: 'done',
      manifest: { digest: object.metadata['longhaul-manifest'], blobs: [a, b] },
      blobs: 2,
      bytes: { source: a.bytes + b.bytes, raw: text.length, target: object.bytes.length },
      raw: { sha256: sha256(text), crc32: expect.stringMatching(/^[0-9a-f]{8}$/) },
      target: { etag: object.etag, checksum: crc32Base64(object.bytes), parts: 1 },
      skipped: [],
      notes: [],
      build: 'longhaul 0.1.0, longhaul-deflate 1 standard',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(moved).toBe(text.length);
    expect(migration.target.requests.log.map(({ kind }) => kind)).toEqual(['put']);
  });

  it('notes that blobs have no MD5 at the source', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'x', { md5: null });
    expect((await move()).notes).toEqual(['no MD5 at the source for some blobs']);
  });

  it('of an empty stream has an empty but proven object: the blob was there', async () => {
    const { migration, move } = migrationOf({ definition: withBzip2() });
    migration.addBlob(0, 'a.bz2', await bzip2(''));
    expect(await move()).toMatchObject({ state: 'done', blobs: 1, bytes: { raw: 0 }, raw: { sha256: sha256('') } });
    expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256('') });
  });
});

describe('a large unit', () => {
  const text = noise(20 * MiB, 11);

  it('is published in parts of at least 8 MiB and found by what it unpacks to', async () => {
    const { migration, process, move } = migrationOf();
    migration.addBlob(0, 'a', text.subarray(0, 7 * MiB));
    migration.addBlob(0, 'b', text.subarray(7 * MiB));
    const done = await move();
    expect(done).toMatchObject({ state: 'done', bytes: { raw: text.length }, raw: { sha256: sha256(text) } });
    expect(done.target?.parts).toBe(3);
    expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256(text) });
    expect(migration.target.uploads.size).toBe(0);
    expect(process.ahead.usedBytes).toBe(0);

    // A multipart object's metadata has no digests: they come from its checkpoint, or from reading it back.
    const opened = migration.source.requests.count('open');
    const found = await move({ askFirst: true });
    const compared = { etag: done.target!.etag, proof: 'checkpoint' };
    expect(found).toEqual({ ...done, state: 'found', compared, at: expect.any(String) });
    expect(migration.source.requests.count('open')).toBe(opened);
    expect(migration.target.requests.count('get')).toBe(0);
    migration.control.objects.clear();
    expect(await move({ askFirst: true })).toEqual({
      ...done,
      state: 'found',
      compared: { ...compared, proof: 'content' },
      at: expect.any(String),
    });
    expect(migration.source.requests.count('open')).toBe(opened);
    expect(migration.target.requests.count('get')).toBe(1);
  });

  it('is asked for before any byte moves, also by the first attempt', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', text.subarray(0, 9 * MiB));
    migration.target.objects.set('orders/unit-0.gz', objectOf('foreign'));
    expect(await move()).toMatchObject({ state: 'failed', class: 'TargetConflict' });
    expect(migration.source.requests.count('open')).toBe(0);
  });

  it('whose last blob is damaged leaves no object, and one upload that its checkpoint names', async () => {
    const { migration, process, move } = migrationOf();
    migration.addBlob(0, 'a', text.subarray(0, 9 * MiB));
    migration.addBlob(0, 'b', text.subarray(9 * MiB), { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    expect(await move()).toMatchObject({ state: 'failed', class: 'SourceMd5Mismatch', blob: 'east/events/unit-0/b' });
    expect(migration.target.objects.size).toBe(0);
    expect([...migration.target.uploads.keys()]).toEqual([migration.checkpoint(0).uploadId]);
    expect(process.ahead.usedBytes).toBe(0);
  });
});

describe('a unit that is in place', () => {
  it('is found by its metadata without reading anything', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text');
    const done = await move();
    const found = await move({ askFirst: true });
    const compared = { etag: done.target!.etag, proof: 'metadata' };
    expect(found).toEqual({ ...done, state: 'found', compared, at: expect.any(String) });
    expect(migration.source.requests.count('open')).toBe(1);
    expect(migration.target.requests.count('get')).toBe(0);
  });

  it('is read back when the store keeps no CRC-32, and found if its bytes are those written', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text');
    const done = await move();
    withoutCrc32(migration);
    const found = { state: 'found', raw: done.raw, compared: { proof: 'content' } };
    expect(await move({ askFirst: true })).toMatchObject(found);
    expect(migration.target.requests.count('get')).toBe(1);
    const key = 'orders/unit-0.gz';
    const object = migration.target.objects.get(key)!;
    migration.target.objects.set(key, { ...object, bytes: Buffer.from(gzipSync('tExt')) });
    expect(await move({ askFirst: true })).toMatchObject({ state: 'done', raw: done.raw });
    expect(migration.published).toEqual({ [key]: sha256('text') });
  });

  it('is found without having been asked for: the conditional put shows it', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text');
    const done = await move();
    expect(await move()).toEqual({ ...done, state: 'found', at: expect.any(String) });
  });

  it('is found by the receipt of the round before', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text');
    const done = await move();
    const object = migration.target.objects.get('orders/unit-0.gz')!;
    const { 'longhaul-sha256': _, ...metadata } = object.metadata;
    migration.target.objects.set('orders/unit-0.gz', { ...object, metadata });
    const previous = {
      etag: object.etag,
      manifest: done.manifest!.digest,
      rawBytes: done.bytes.raw,
      ...done.raw!,
    };
    const unit = { ...migration.unit, previous, earlier: 'done' } as const;
    expect(await move({ unit })).toMatchObject({ state: 'found', raw: done.raw, earlier: 'done' });
    expect(migration.target.requests.count('get')).toBe(0);
  });

  it.each([
    ['never', 'failed'],
    ['changed', 'done'],
    ['always', 'done'],
  ] as const)(
    'from an earlier round and then changed at the source is under overwrite: %s %s',
    async (overwrite, state) => {
      const { migration, move } = migrationOf({ definition: smallDefinition({ target: { overwrite } }) });
      migration.addBlob(0, 'a', 'text');
      const done = await move();
      migration.addBlob(0, 'a', 'changed');
      const { etag } = done.target!;
      const previous = { etag, manifest: done.manifest!.digest, rawBytes: 4, sha256: '', crc32: '' };
      expect(await move({ unit: { ...migration.unit, previous } })).toMatchObject({ state });
      expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256(state === 'done' ? 'changed' : 'text') });
    },
  );
});

describe('an object of which the store kept less than it acknowledged', () => {
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
  const small = 'a line of a log\n'.repeat(100);
  const large = noise(20 * MiB, 5);

  it.each([
    ['a single put, gzip', 'gzip', small],
    ['a single put, not compressed', 'none', small],
    ['a multipart upload, gzip', 'gzip', large],
    ['a multipart upload, not compressed', 'none', large],
  ] as const)('(%s) is never found, but replaced', async (_, compress, text) => {
    const { migration, move } = migrationOf({ definition: smallDefinition({ transform: { compress } }) });
    migration.addBlob(0, 'a', text);
    migration.target.keep = half;
    await expect(move()).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
    migration.target.keep = (bytes) => bytes;
    const receipt = await move({ askFirst: true });
    expect(receipt).toMatchObject({ state: 'done', raw: { sha256: sha256(text) } });
    const object = migration.target.objects.get('orders/unit-0.gz')!;
    expect(sha256(compress === 'gzip' ? gunzipSync(object.bytes) : object.bytes)).toBe(sha256(text));
  });

  it.each(['gzip', 'none'] as const)('is not found either once its checkpoint is lost (%s)', async (compress) => {
    const { migration, move } = migrationOf({ definition: smallDefinition({ transform: { compress } }) });
    migration.addBlob(0, 'a', large);
    migration.target.keep = half;
    await expect(move()).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
    migration.target.keep = (bytes) => bytes;
    migration.control.objects.clear();
    expect(await move({ askFirst: true })).toMatchObject({ state: 'done', raw: { sha256: sha256(large) } });
  });

  it('is left alone where another migration of the same name wrote it', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', small);
    migration.target.keep = half;
    await expect(move()).rejects.toMatchObject({ failureClass: 'TargetIntegrity' });
    const broken = migration.target.objects.get('orders/unit-0.gz')!;
    const { resources } = migration;
    const other = { ...resources, record: { ...resources.record, id: 'another-id' } };
    const receipt = await move({ resources: other, askFirst: true });
    expect(receipt).toMatchObject({ state: 'failed', class: 'TargetConflict' });
    expect(migration.target.objects.get('orders/unit-0.gz')).toBe(broken);
  });
});

describe('another migration of the same name', () => {
  it('finds the very object whole, and leaves one made of other blobs alone', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text');
    await move();
    const { resources } = migration;
    const other = { ...resources, record: { ...resources.record, id: 'another-id' } };
    expect(await move({ resources: other })).toMatchObject({ state: 'found', raw: { sha256: sha256('text') } });
    migration.addBlob(0, 'a', 'changed');
    expect(await move({ resources: other })).toMatchObject({ state: 'failed', class: 'TargetConflict' });
    expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256('text') });
  });
});

describe('a unit without blobs', () => {
  it('fails by default and publishes nothing', async () => {
    const { migration, move } = migrationOf();
    expect(await move()).toMatchObject({ state: 'failed', class: 'EmptyUnit', blobs: 0 });
    expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
  });

  it('is skipped with a receipt if the file says so', async () => {
    const { migration, move } = migrationOf({ definition: smallDefinition({ whenEmpty: 'skip' }) });
    const receipt = await move();
    expect(receipt).toMatchObject({ state: 'empty', blobs: 0, bytes: { source: 0, raw: 0, target: 0 } });
    expect(receipt).not.toHaveProperty('class');
    expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
  });

  it('gets an empty object if the file says so', async () => {
    const { migration, move } = migrationOf({ definition: smallDefinition({ whenEmpty: 'write-empty' }) });
    expect(await move()).toMatchObject({ state: 'done', blobs: 0, raw: { sha256: sha256('') } });
    expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256('') });
  });
});

describe('a unit with a bad blob', () => {
  it.each([
    ['is cut', (blob: Buffer) => blob.subarray(0, -5), /^CorruptInput\/Truncated$/, 3],
    [
      'is damaged',
      (blob: Buffer) => Buffer.concat([blob.subarray(0, 30), Buffer.from('xx'), blob.subarray(32)]),
      /^CorruptInput/,
      3,
    ],
    ['is empty', () => Buffer.alloc(0), /^CorruptInput\/EmptyFile$/, 2],
    ['is HTML', () => Buffer.from('<html></html>'), /^CorruptInput\/BadMagic$/, 2],
    [
      'has something after it',
      (blob: Buffer) => Buffer.concat([blob, Buffer.from('some text')]),
      /^CorruptInput\/TrailingGarbage$/,
      3,
    ],
  ] as const)(
    'that %s fails after one more read, and one by a second decoder unless its first bytes suffice',
    async (_, spoil, failureClass, readsOfBlob) => {
      const { migration, move } = migrationOf({ definition: withBzip2() });
      migration.addBlob(0, 'a.bz2', await bzip2('good'));
      migration.addBlob(0, 'b.bz2', spoil(await bzip2('bad bad bad bad')));
      const receipt = await move();
      expect(receipt).toMatchObject({
        state: 'failed',
        class: expect.stringMatching(failureClass),
        blob: 'east/events/unit-0/b.bz2',
        message: expect.stringContaining('unit-0/b.bz2'),
        blobs: 2,
        manifest: { blobs: [{ name: 'unit-0/a.bz2' }, { name: 'unit-0/b.bz2' }] },
        bytes: { raw: 0, target: 0 },
      });
      const reads = migration.source.requests.log.filter(({ kind, name }) => kind === 'open' && name.endsWith('b.bz2'));
      expect(reads).toHaveLength(readsOfBlob);
      expect(receipt.message?.includes('unbzip2-stream refuses it too')).toBe(readsOfBlob === 3);
      expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
    },
  );

  it('that was damaged only in transit is done', async () => {
    const { migration, move } = migrationOf({ definition: withBzip2() });
    const good = await bzip2('good');
    const blob = migration.addBlob(0, 'a.bz2', good);
    spoilFirstRead(migration, blob, good.subarray(0, -5));
    expect(await move()).toMatchObject({ state: 'done', raw: { sha256: sha256('good') } });
  });

  it('that changed first and was then damaged only in transit is done too', async () => {
    const { migration, move } = migrationOf({ definition: withBzip2() });
    const good = await bzip2('good');
    const blob = migration.addBlob(0, 'a.bz2', good);
    spoilFirstRead(migration, blob, good.subarray(0, -5));
    failFirstReads(migration, 2, new Failure('SourceChanged', 'it was replaced'));
    expect(await move()).toMatchObject({ state: 'done', raw: { sha256: sha256('good') } });
  });

  it('whose MD5 at the source is wrong fails after one more read', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text', { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    expect(await move()).toMatchObject({
      state: 'failed',
      class: 'SourceMd5Mismatch',
      blob: 'east/events/unit-0/a',
    });
    expect(migration.source.requests.count('open')).toBe(2);
    expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
  });

  it.each([
    ['blobBytes', { blobBytes: 9 }, 'LimitExceeded/BlobBytes'],
    ['unitBytes', { unitBytes: 19 }, 'LimitExceeded/UnitBytes'],
    ['unitBlobs', { unitBlobs: 1 }, 'LimitExceeded/UnitBlobs'],
  ])('that passes limits.%s fails, compressed or not', async (_, limits, failureClass) => {
    for (const definition of [smallDefinition({ limits }), withBzip2({ limits })]) {
      const { migration, move } = migrationOf({ definition });
      const bytes = definition.transform.decompress === 'none' ? 'ten bytes.' : await bzip2('ten bytes.');
      migration.addBlob(0, 'a', bytes);
      migration.addBlob(0, 'b', bytes);
      expect(await move()).toMatchObject({ state: 'failed', class: failureClass });
      expect(migration.target.objects.size).toBe(0);
    }
  });
});

describe('a source that changes', () => {
  it('is listed again, up to three times', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'old');
    let changes = 0;
    migration.source.requests.hook = ({ kind }) => {
      if (kind === 'open' && changes < 3) {
        changes += 1;
        migration.addBlob(0, 'a', `new ${changes}`);
      }
      return undefined;
    };
    expect(await move()).toMatchObject({ state: 'done', raw: { sha256: sha256('new 3') } });
    expect(migration.source.requests.count('list')).toBe(4);
  });

  it('is listed from the beginning when it refuses to continue where a page ended', async () => {
    const { migration, move } = migrationOf();
    for (const name of ['a', 'b']) migration.addBlob(0, name, `${name}\n`);
    const listPage = migration.source.listPage.bind(migration.source);
    let refused = 0;
    migration.source.listPage = async (place, from, signal) => {
      if (from.marker === undefined) return await listPage(place, { ...from, blobsMax: 1 }, signal);
      refused += 1;
      if (refused === 1) throw new Failure('SourceRefused', 'the marker is out of range', { status: 400 });
      return await listPage(place, from, signal);
    };
    expect(await move()).toMatchObject({ state: 'done', blobs: 2 });
    expect(migration.source.requests.count('list')).toBe(3);
  });

  it('without end fails the unit and publishes nothing', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'old');
    migration.source.requests.hook = ({ kind }) => {
      if (kind === 'open') migration.addBlob(0, 'a', 'new');
      return undefined;
    };
    expect(await move()).toMatchObject({ state: 'failed', class: 'SourceChanged', blob: 'east/events/unit-0/a' });
    expect(migration.source.requests.count('list')).toBe(4);
    expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
  });
});

describe('a failure that may pass or waits for somebody', () => {
  it.each(['SourceAuth', 'SourceForbidden', 'SourceThrottled', 'SourceNetwork', 'SourceAuthUnavailable'] as const)(
    'of class %s is thrown and never becomes a receipt',
    async (failureClass) => {
      const { migration, move } = migrationOf();
      migration.addBlob(0, 'a', 'text');
      migration.source.requests.hook = ({ kind }) =>
        kind === 'open' ? { failure: new Failure(failureClass, 'no', { what: 'account east' }) } : undefined;
      await expect(move()).rejects.toMatchObject({ failureClass, what: 'account east' });
      expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
    },
  );

  it.each(['TargetAuth', 'TargetMissing', 'TargetThrottled'] as const)(
    'of class %s is thrown too',
    async (failureClass) => {
      const { migration, move } = migrationOf();
      migration.addBlob(0, 'a', 'text');
      migration.target.requests.hook = () => ({ fault: 'fail', failure: new Failure(failureClass, 'no') });
      await expect(move()).rejects.toMatchObject({ failureClass });
    },
  );

  it('is thrown as the reason of the signal after an abort', async () => {
    const { migration, move } = migrationOf();
    migration.addBlob(0, 'a', 'text');
    const controller = new AbortController();
    const reason = new Error('shutdown');
    migration.source.requests.hook = ({ kind }) => {
      if (kind === 'open') controller.abort(reason);
      return undefined;
    };
    await expect(move({ signal: controller.signal })).rejects.toBe(reason);
    expect(migration.target.requests.log.filter(({ kind }) => kind !== 'head')).toEqual([]);
  });

  it("that cannot be a unit's fault is not made one: a template that does not render", async () => {
    const { move } = migrationOf({
      lookups: () => {
        throw new Failure('ConfigError', 'no such variable');
      },
    });
    await expect(move()).rejects.toMatchObject({ failureClass: 'ConfigError' });
  });
});

describe('a manifest', () => {
  it.each([
    [200, false],
    [201, true],
  ])('of %d blobs is stored beside the ledger: %s', async (count, stored) => {
    const { migration, process, move } = migrationOf();
    const blobs = Array.from({ length: count }, (_, index) =>
      migration.addBlob(0, String(index).padStart(3, '0'), 'x'),
    );
    const { manifest, blobs: counted } = await move();
    expect(counted).toBe(count);
    expect(process.ahead.usedBytes).toBe(0);
    const ref = `.longhaul/orders/r0000/manifests/0-${manifest!.digest}.ndjson.gz`;
    if (!stored) {
      expect(manifest).toEqual({ digest: manifest!.digest, blobs });
      expect(migration.control.requests.count('overwrite')).toBe(0);
      return;
    }
    expect(manifest).toEqual({ digest: manifest!.digest, ref });
    const lines = gunzipSync(migration.control.objects.get(ref)!).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as SourceBlob)).toEqual(blobs);
  });
});

/** Makes the first read of a blob give other bytes, as damage on the way would. */
function spoilFirstRead(migration: MemoryMigration, blob: SourceBlob, bytes: Uint8Array): void {
  const open = migration.source.open.bind(migration.source);
  let spoilt = false;
  migration.source.open = (wanted, signal) => {
    if (spoilt || wanted.name !== blob.name) return open(wanted, signal);
    spoilt = true;
    return (async function* () {
      yield bytes;
    })();
  };
}

/** Makes the first reads fail before anything else happens to them. */
function failFirstReads(migration: MemoryMigration, count: number, failure: Failure): void {
  const open = migration.source.open.bind(migration.source);
  let reads = 0;
  migration.source.open = (wanted, signal) => {
    reads += 1;
    if (reads > count) return open(wanted, signal);
    return (async function* () {
      yield* [] as Uint8Array[];
      throw failure;
    })();
  };
}
