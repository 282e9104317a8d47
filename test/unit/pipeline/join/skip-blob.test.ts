import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../../src/domain/definition.js';
import { Failure } from '../../../../src/domain/failure.js';
import { skippedBlobsMax } from '../../../../src/domain/findings/findings.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { attemptUnit, dieAt, revive, spoilReads } from '../../../support/fakes/attempts.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';
import { MemoryMigration, sha256, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const MiB = 1024 * 1024;
const key = 'orders/unit-0.gz';
const bzip2 = (text: string) => writeStream(9, [{ content: Buffer.from(text) }]);
const badBzip2 = writeStream(9, [{ content: { stored: Buffer.from('bad bad bad'), crc: 0x12345678 } }]);

function migrationWith(
  blobs: Readonly<Record<string, Uint8Array | string>>,
  changes: Parameters<typeof smallDefinition>[0] = {},
): MemoryMigration {
  const transform = { decompress: 'bzip2', onCorrupt: 'skip-blob', ...changes.transform } as const;
  const migration = new MemoryMigration({ units: 1, definition: smallDefinition({ ...changes, transform }) });
  for (const [name, bytes] of Object.entries(blobs)) migration.addBlob(0, name, bytes);
  return migration;
}

const textOf = (migration: MemoryMigration) => gunzipSync(migration.target.objects.get(key)!.bytes).toString();
const readsOf = (migration: MemoryMigration, name: string) =>
  migration.source.requests.log.filter((request) => request.kind === 'open' && request.name.endsWith(`/${name}`))
    .length;

describe('under onCorrupt: skip-blob, a bad blob', () => {
  it.each([
    ['that is cut', bzip2('bad').subarray(0, -5), 'CorruptInput/Truncated', 3],
    ['with a wrong checksum', badBzip2, 'CorruptInput/BlockCrc', 3],
    ['that is empty', Buffer.alloc(0), 'CorruptInput/EmptyFile', 2],
    ['that is HTML', Buffer.from('<html></html>'), 'CorruptInput/BadMagic', 2],
    ['with something after it', Buffer.concat([bzip2('bad'), Buffer.from('text')]), 'CorruptInput/TrailingGarbage', 3],
  ])('%s is skipped after the reads that confirm it, and named in the receipt', async (_, bad, failureClass, reads) => {
    const migration = migrationWith({ a: bzip2('first '), b: bad, c: bzip2('last') });
    const receipt = await attemptUnit(migration);
    const blobs = receipt.manifest !== undefined && 'blobs' in receipt.manifest ? receipt.manifest.blobs : [];
    const [a, b, c] = blobs;
    expect(textOf(migration)).toBe('first last');
    expect(receipt).toMatchObject({
      state: 'done',
      blobs: 2,
      bytes: { source: a!.bytes + c!.bytes, raw: 10 },
      raw: { sha256: sha256('first last') },
      skipped: [
        {
          blob: 'east/events/unit-0/b',
          class: failureClass,
          message: expect.stringContaining('east/events/unit-0/b'),
        },
      ],
    });
    expect(receipt.skipped[0]!.message.includes('unbzip2-stream refuses it too')).toBe(reads === 3);
    expect(b?.name).toBe('unit-0/b');
    expect(readsOf(migration, 'b')).toBe(reads);
    expect([readsOf(migration, 'a'), readsOf(migration, 'c')]).toEqual([1, 1]);
  });

  it('of gzip, found by its first bytes, is skipped without a second decoder', async () => {
    const bad = gzipSync('bad');
    bad[bad.length - 1]! ^= 1;
    const migration = migrationWith({ a: gzipSync('good'), b: bad }, { transform: { decompress: 'auto' } });
    const receipt = await attemptUnit(migration);
    expect(textOf(migration)).toBe('good');
    expect(receipt.skipped).toMatchObject([{ blob: 'east/events/unit-0/b', class: 'CorruptInput/StreamCrc' }]);
    expect(readsOf(migration, 'b')).toBe(2);
  });

  it('that was damaged only in transit is not skipped', async () => {
    const migration = migrationWith({ a: bzip2('a'), b: bzip2('b') });
    spoilReads(migration, 'unit-0/b', [1], badBzip2);
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', skipped: [], blobs: 2 });
    expect(textOf(migration)).toBe('ab');
  });

  it('that the second decoder decodes fails the unit loudly', async () => {
    const migration = migrationWith({ a: bzip2('a'), b: bzip2('b') });
    spoilReads(migration, 'unit-0/b', [1, 2], badBzip2);
    const receipt = await attemptUnit(migration);
    expect(receipt).toMatchObject({ state: 'failed', class: 'DecoderDisagreement', blob: 'east/events/unit-0/b' });
    expect(migration.target.objects.size).toBe(0);
  });

  it.each([
    ['whose MD5 does not match', 'SourceMd5Mismatch', { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' }, {}],
    ['that passes a limit', 'LimitExceeded/BlobBytes', {}, { blobBytes: 3 }],
  ])('%s fails the unit: only damaged content is skipped', async (_, failureClass, options, limits) => {
    const migration = migrationWith({ a: bzip2('a') }, { limits });
    migration.addBlob(0, 'b', bzip2('long'), options);
    expect(await attemptUnit(migration)).toMatchObject({ state: 'failed', class: failureClass, skipped: [] });
  });

  it.each(['fail', 'skip', 'write-empty'] as const)(
    'beside no good one fails the unit, and publishes nothing, also under whenEmpty: %s',
    async (whenEmpty) => {
      const migration = migrationWith({ a: badBzip2, b: '' }, { whenEmpty });
      expect(await attemptUnit(migration)).toMatchObject({
        state: 'failed',
        class: 'EmptyUnit',
        message: expect.stringContaining('each of the 2 blobs'),
        blobs: 0,
        skipped: [{ class: 'CorruptInput/BlockCrc' }, { class: 'CorruptInput/EmptyFile' }],
      });
      expect(migration.target.objects.size).toBe(0);
    },
  );

  it('beside an empty but whole one leads to an empty object', async () => {
    const migration = migrationWith({ a: badBzip2, b: writeStream(9, []) });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', blobs: 1, bytes: { raw: 0 } });
    expect(textOf(migration)).toBe('');
  });

  it.each([
    [skippedBlobsMax, 'done'],
    [skippedBlobsMax + 1, 'failed'],
  ])('of %d in one unit leaves it %s: so many are a different trouble', async (count, state) => {
    const bad = Object.fromEntries(Array.from({ length: count }, (_, index) => [`b${String(index)}`, '']));
    const migration = migrationWith({ a: bzip2('good'), ...bad });
    const receipt = await attemptUnit(migration);
    expect(receipt).toMatchObject({ state, blobs: state === 'done' ? 1 : 2 });
    expect(receipt.skipped).toHaveLength(skippedBlobsMax);
    if (state === 'failed') {
      expect(receipt.class).toBe('CorruptInput/EmptyFile');
      expect(receipt.message).toContain('100 blobs of the unit were skipped before');
    }
  });
});

describe('under onCorrupt: skip-blob, a large blob', () => {
  const large = noise(17 * MiB, 3);
  const packed = gzipSync(large, { level: 0 });
  const bad = Buffer.from(packed);
  bad[bad.length - 8]! ^= 1;
  const transform = { decompress: 'auto', compress: 'none' } as const;
  const bytesOf = (migration: MemoryMigration) => migration.target.objects.get(key)!.bytes;

  it('that is whole is read twice, and its bytes are passed on once', async () => {
    const migration = migrationWith({ a: packed, b: 'end' }, { transform });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', skipped: [], target: { parts: 3 } });
    expect(bytesOf(migration).equals(Buffer.concat([large, Buffer.from('end')]))).toBe(true);
    expect(readsOf(migration, 'a')).toBe(2);
  });

  it('whose last bytes show that it is bad contributes none of its bytes', async () => {
    const migration = migrationWith({ a: 'begin ', b: bad, c: 'end' }, { transform });
    const receipt = await attemptUnit(migration);
    expect(receipt).toMatchObject({ state: 'done', skipped: [{ class: 'CorruptInput/StreamCrc' }] });
    expect(bytesOf(migration).toString()).toBe('begin end');
    expect(migration.target.requests.count('uploadPart')).toBe(0);
  });

  it.each([
    [1 * MiB, 0, 1],
    [1 * MiB + 1, 0, 2],
    [4 * MiB, 3 * MiB, 1],
    [4 * MiB + 1, 3 * MiB, 2],
    [16 * MiB, 64 * MiB, 1],
    [16 * MiB + 1, 64 * MiB, 2],
  ])('of %d bytes with room for %d ahead is read %d times', async (bytes, aheadBytes, reads) => {
    // Taken as it is, in one piece a mebibyte or less.
    const migration = migrationWith({ a: large.subarray(0, bytes) }, { transform });
    expect(await attemptUnit(migration, { aheadBytes })).toMatchObject({ state: 'done', bytes: { raw: bytes } });
    expect(readsOf(migration, 'a')).toBe(reads);
  });

  it('counts as progress while it is decoded only to be checked', async () => {
    const migration = migrationWith({ a: packed }, { transform });
    const told: number[] = [];
    await attemptUnit(migration, { moved: (bytes) => told.push(bytes) });
    expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(large.length);
    expect(told.indexOf(told.find((bytes) => bytes > 0)!)).toBeGreaterThan(17 * 16 - 1);
  });
});

describe('under onCorrupt: skip-blob, a large unit', () => {
  const parts = [noise(9 * MiB, 1), noise(9 * MiB, 2), noise(9 * MiB, 3)] as const;
  const pack = (bytes: Uint8Array) => gzipSync(bytes, { level: 0 });
  const bad = pack(noise(3 * MiB, 4));
  bad[bad.length - 8]! ^= 1;
  const blobs = {
    a: pack(parts[0]),
    b: Buffer.concat([pack(Buffer.from('trailing')), Buffer.from('\n\n')]),
    c: bad,
    d: pack(parts[1]),
    e: 'as it is',
    f: '',
    // Known only when the last part is cut.
    g: Buffer.concat([pack(parts[2]), Buffer.from('\n')]),
  };
  const transform = {
    decompress: 'auto',
    trailingGarbage: 'ignore',
    join: 'lines',
    compress: 'none',
  } as const;
  const newline = Buffer.from('\n');
  const expected = Buffer.concat(
    [parts[0], Buffer.from('trailing'), parts[1], Buffer.from('as it is'), parts[2]].flatMap((each) => [each, newline]),
  );
  const proof = {
    state: 'done',
    blobs: 5,
    raw: { sha256: sha256(expected) },
    skipped: [
      { blob: 'east/events/unit-0/c', class: 'CorruptInput/StreamCrc' },
      { blob: 'east/events/unit-0/f', class: 'CorruptInput/EmptyFile' },
    ],
    notes: [
      '3 bytes after the last streams were ignored in 2 blobs: east/events/unit-0/b, east/events/unit-0/g',
      'neither bzip2 nor gzip, so taken as they are: 1 blob: east/events/unit-0/e',
    ],
  };
  const large = (changes: Partial<Definition['transform']> = {}) =>
    migrationWith(blobs, { transform: { ...transform, ...changes } });
  const bytesOf = (migration: MemoryMigration) => migration.target.objects.get(key)!.bytes;

  it('whose attempts die resumes at its checkpoint, ends as if undisturbed, and reports everything once', async () => {
    const migration = large();
    for (let death = 0; death < 3; death += 1) {
      const sent = migration.target.requests.count('uploadPart');
      dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count >= sent + 1);
      await expect(attemptUnit(migration, { askFirst: death > 0 })).rejects.toThrow('no more');
      revive(migration);
    }
    expect(migration.checkpoint(0).findings).toMatchObject({ skipped: proof.skipped });
    const reads = readsOf(migration, 'c');
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject(proof);
    expect(bytesOf(migration).equals(expected)).toBe(true);
    expect(migration.target.requests.count('createUpload')).toBe(1);
    expect(readsOf(migration, 'c')).toBe(reads);
  });

  it('whose checkpoint lags behind what is known by then reports nothing twice', async () => {
    const migration = large();
    let filled: () => void;
    const second = new Promise<undefined>((resolve) => (filled = () => resolve(undefined)));
    const dead = { fault: 'fail', failure: new Failure('Unexpected', 'the process is no more') } as const;
    // The first part is durable only when the second has been filled, so blobs after the checkpoint have been read.
    migration.target.requests.hook = ({ kind, count }) => {
      if (kind !== 'uploadPart') return undefined;
      if (count === 0) return second;
      filled();
      return dead;
    };
    await expect(attemptUnit(migration)).rejects.toThrow('no more');
    revive(migration);
    expect(migration.checkpoint(0)).toMatchObject({ parts: [{ number: 1 }], findings: { skipped: [] } });
    expect(readsOf(migration, 'c')).toBe(2);
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject(proof);
    expect(readsOf(migration, 'c')).toBe(4);
  });

  it('that is found in place has skipped blobs and notes in its receipt, from a checkpoint or receipt', async () => {
    const migration = large();
    const done = await attemptUnit(migration);
    expect(done).toMatchObject(proof);
    const { etag } = done.target!;
    const found = { ...done, state: 'found', at: expect.any(String) };
    const byCheckpoint = { etag, proof: 'checkpoint' };
    expect(await attemptUnit(migration, { askFirst: true })).toEqual({ ...found, compared: byCheckpoint });
    for (const name of migration.control.objects.keys()) {
      if (name.includes('/uploads/')) migration.control.objects.delete(name);
    }
    const previous = { etag, manifest: done.manifest!.digest, rawBytes: done.bytes.raw, ...done.raw! };
    const unit = { ...migration.unit, previous };
    const byReceipt = { etag, proof: 'receipt', earlier: { etag, manifest: previous.manifest } };
    expect(await attemptUnit(migration, { unit })).toEqual({ ...found, compared: byReceipt });
    expect(migration.target.requests.count('get')).toBe(0);
  });

  it('that died before its Complete reports everything from its checkpoint', async () => {
    const migration = large();
    dieAt(migration, ({ kind }) => kind === 'completeUpload');
    await expect(attemptUnit(migration)).rejects.toThrow('no more');
    revive(migration);
    const opened = migration.source.requests.count('open');
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject(proof);
    expect(migration.source.requests.count('open')).toBe(opened);
  });

  it('resumes from a checkpoint of a version that did not know of findings', async () => {
    const migration = large({ onCorrupt: 'fail', decompress: 'none' });
    dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count === 3);
    await expect(attemptUnit(migration)).rejects.toThrow('no more');
    revive(migration);
    const [name] = [...migration.control.objects.keys()].filter((each) => each.includes('/uploads/'));
    const { findings: _, ...old } = migration.checkpoint(0);
    migration.control.objects.set(name!, Buffer.from(JSON.stringify(old)));
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject({ state: 'done', skipped: [], notes: [] });
    expect(migration.target.requests.count('createUpload')).toBe(1);
  });

  it('whose checkpoint is inside a blob can no longer skip that blob, and fails instead', async () => {
    const whole = pack(noise(30 * MiB, 7));
    const migration = migrationWith({ a: whole }, { transform });
    dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count === 3);
    await expect(attemptUnit(migration)).rejects.toThrow('no more');
    revive(migration);
    expect(migration.checkpoint(0).position).toMatchObject({ blob: 0, offset: expect.any(Number) });
    expect(migration.checkpoint(0).position.offset).toBeGreaterThan(0);
    const reads = readsOf(migration, 'a');
    spoilReads(migration, 'unit-0/a', [1, 2], whole.subarray(0, -1));
    const failed = { state: 'failed', class: 'CorruptInput/Truncated', skipped: [] };
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject(failed);
    expect(migration.target.objects.size).toBe(0);

    // Whole again, it is read once: it was proven before its first bytes were passed on.
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject({ state: 'done', skipped: [] });
    expect(readsOf(migration, 'a') - reads).toBe(1);
  });
});

it('a small unit that is found in place has the skipped blobs and notes in its receipt', async () => {
  const migration = migrationWith(
    { a: bzip2('a'), b: badBzip2, c: Buffer.concat([bzip2('c'), Buffer.from('x')]) },
    { transform: { trailingGarbage: 'ignore' } },
  );
  const done = await attemptUnit(migration);
  expect(done).toMatchObject({
    skipped: [{ blob: 'east/events/unit-0/b' }],
    notes: ['1 byte after the last streams were ignored in 1 blob: east/events/unit-0/c'],
  });
  const opened = migration.source.requests.count('open');
  const compared = { etag: done.target!.etag, proof: 'metadata' };
  const found = { ...done, state: 'found', compared, at: expect.any(String) };
  expect(await attemptUnit(migration, { askFirst: true })).toEqual(found);
  expect(migration.source.requests.count('open')).toBe(opened);
});

it('nothing is stored beside an object without findings, nor asked for when there can be none', async () => {
  const migration = migrationWith({ a: bzip2('a') }, { transform: { onCorrupt: 'fail' } });
  await attemptUnit(migration);
  await attemptUnit(migration, { askFirst: true });
  expect(migration.control.requests.log.filter(({ name }) => name.includes('/findings/'))).toEqual([]);
  const skipping = migrationWith({ a: bzip2('a') });
  await attemptUnit(skipping);
  expect(skipping.control.requests.log.filter(({ name }) => name.includes('/findings/'))).toEqual([]);
});
