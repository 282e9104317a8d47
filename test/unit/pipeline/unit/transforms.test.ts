import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TransformDefinition } from '../../../../src/domain/definition.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { attemptUnit, dieAt, revive } from '../../../support/fakes/attempts.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';
import { MemoryMigration, sha256, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const MiB = 1024 * 1024;
const key = 'orders/unit-0.gz';
const bzip2 = (text: string) => writeStream(9, text === '' ? [] : [{ content: Buffer.from(text) }]);

function migrationWith(
  blobs: readonly (Uint8Array | string)[],
  transform: Partial<TransformDefinition>,
): MemoryMigration {
  const migration = new MemoryMigration({ units: 1, definition: smallDefinition({ transform }) });
  for (const [index, bytes] of blobs.entries()) migration.addBlob(0, String(index).padStart(3, '0'), bytes);
  return migration;
}

const objectOf = (migration: MemoryMigration) => migration.target.objects.get(key)!;

/** What a unit of these blobs unpacks to. */
async function textOf(blobs: readonly (Uint8Array | string)[], transform: Partial<TransformDefinition>) {
  const migration = migrationWith(blobs, transform);
  const receipt = await attemptUnit(migration);
  expect(receipt).toMatchObject({ state: 'done', blobs: blobs.length });
  return gunzipSync(objectOf(migration).bytes).toString();
}

describe('decompress', () => {
  it('gzip decodes every blob as gzip, all its members', async () => {
    const blobs = [gzipSync('a'), Buffer.concat([gzipSync('b'), gzipSync('c')]), gzipSync('')];
    expect(await textOf(blobs, { decompress: 'gzip' })).toBe('abc');
    const other = await attemptUnit(migrationWith([bzip2('a')], { decompress: 'gzip' }));
    expect(other).toMatchObject({ state: 'failed', class: 'CorruptInput/BadMagic', blob: 'east/events/unit-0/000' });
    expect(other.message).not.toContain('unbzip2');
  });

  it('auto decodes each by its first bytes, and notes what it passes through as it is', async () => {
    const migration = migrationWith([bzip2('a'), 'b', gzipSync('c'), 'd'], { decompress: 'auto' });
    expect(await attemptUnit(migration)).toMatchObject({
      state: 'done',
      raw: { sha256: sha256('abcd') },
      notes: ['neither bzip2 nor gzip, so taken as they are: 2 blobs: east/events/unit-0/001, east/events/unit-0/003'],
    });
  });

  it('none accepts an empty blob; bzip2, gzip and auto refuse it', async () => {
    expect(await textOf(['a', '', 'b'], { decompress: 'none' })).toBe('ab');
    for (const decompress of ['bzip2', 'gzip', 'auto'] as const) {
      const receipt = await attemptUnit(migrationWith([''], { decompress }));
      expect(receipt).toMatchObject({ state: 'failed', class: 'CorruptInput/EmptyFile' });
    }
  });

  it('treats a compressed blob that is damaged early as text under no setting', async () => {
    for (const blob of [Buffer.from('BZh9damaged'), Buffer.of(0x1f, 0x8b, 1, 2, 3)]) {
      expect(await attemptUnit(migrationWith([blob], { decompress: 'auto' }))).toMatchObject({
        state: 'failed',
        class: expect.stringMatching(/^CorruptInput/),
      });
    }
  });
});

describe('trailingGarbage: ignore', () => {
  it('decodes what is before, and notes how much was ignored in which blobs, naming the first', async () => {
    const blobs = Array.from({ length: 7 }, (_, index) => Buffer.concat([bzip2(String(index)), Buffer.from('\0\0\0')]));
    const migration = migrationWith(blobs, { decompress: 'bzip2', trailingGarbage: 'ignore' });
    const receipt = await attemptUnit(migration);
    expect(receipt.raw?.sha256).toBe(sha256('0123456'));
    const named = [0, 1, 2, 3, 4].map((n) => `east/events/unit-0/00${n}`).join(', ');
    expect(receipt.notes).toEqual([`21 bytes after the last streams were ignored in 7 blobs: ${named}, …`]);
  });

  it('does not lose a stream that follows', async () => {
    const blob = Buffer.concat([bzip2('a'), Buffer.from('junk'), bzip2('b')]);
    const migration = migrationWith([blob], { decompress: 'bzip2', trailingGarbage: 'ignore' });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'failed', class: 'CorruptInput/TrailingGarbage' });
  });
});

describe('join: lines', () => {
  it.each([
    [['a', 'b'], 'a\nb\n'],
    [['a\n', 'b\n'], 'a\nb\n'],
    [['a\r\n', 'b'], 'a\r\nb\n'],
    [['', 'a', '', ''], 'a\n'],
    [['\n', '\n\n', 'a'], '\n\n\na\n'],
    [['', ''], ''],
  ])('of %j is %j', async (texts, text) => {
    expect(await textOf(texts, { join: 'lines' })).toBe(text);
    expect(await textOf(texts.map(bzip2), { join: 'lines', decompress: 'bzip2' })).toBe(text);
  });

  it('adds nothing between the streams of one blob', async () => {
    const blob = Buffer.concat([bzip2('a'), bzip2('b')]);
    expect(await textOf([blob, bzip2('c')], { join: 'lines', decompress: 'bzip2' })).toBe('ab\nc\n');
  });

  it('counts the newlines as bytes of the unit', async () => {
    const limits = { unitBytes: 3 };
    for (const [join, state] of [
      ['concat', 'done'],
      ['lines', 'failed'],
    ] as const) {
      const definition = smallDefinition({ limits, transform: { join } });
      const migration = new MemoryMigration({ units: 1, definition });
      migration.addBlob(0, 'a', 'abc');
      expect(await attemptUnit(migration)).toMatchObject({ state });
    }
  });
});

describe('compress: none', () => {
  it('publishes the raw bytes as they are, with the digests of a gzip object', async () => {
    const migration = migrationWith([bzip2('first '), bzip2('last')], { decompress: 'bzip2', compress: 'none' });
    const receipt = await attemptUnit(migration);
    expect(objectOf(migration).bytes.toString()).toBe('first last');
    expect(objectOf(migration).metadata['longhaul-sha256']).toBe(sha256('first last'));
    expect(receipt).toMatchObject({
      state: 'done',
      bytes: { raw: 10, target: 10 },
      raw: { sha256: sha256('first last') },
      build: 'longhaul test, not compressed',
    });
    expect(await attemptUnit(migration, { askFirst: true })).toMatchObject({ state: 'found', raw: receipt.raw });
  });

  it('publishes an empty object of an empty stream', async () => {
    const migration = migrationWith([bzip2('')], { decompress: 'bzip2', compress: 'none' });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', bytes: { raw: 0, target: 0 } });
    expect(objectOf(migration).bytes).toHaveLength(0);
  });

  const text = noise(26 * MiB + 5, 9);
  const blobs = [0, 1, 2, 3, 4].map((n) => text.subarray(n * 6 * MiB, (n + 1) * 6 * MiB));

  it('of a large unit resumes at its checkpoint, and is found in place by that alone', async () => {
    const migration = migrationWith(blobs, { compress: 'none' });
    for (let death = 0; death < 2; death += 1) {
      const sent = migration.target.requests.count('uploadPart');
      dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count >= sent + 1);
      await expect(attemptUnit(migration, { askFirst: death > 0 })).rejects.toThrow('no more');
      revive(migration);
    }
    const done = await attemptUnit(migration, { askFirst: true });
    expect(done).toMatchObject({ state: 'done', raw: { sha256: sha256(text) }, target: { parts: 4 } });
    expect(objectOf(migration).bytes.equals(text)).toBe(true);
    expect(migration.target.requests.count('createUpload')).toBe(1);

    const found = await attemptUnit(migration, { askFirst: true });
    const compared = { etag: done.target!.etag, proof: 'checkpoint' };
    expect(found).toEqual({ ...done, state: 'found', compared, at: expect.any(String) });
    expect(migration.target.requests.count('get')).toBe(0);
    // Without its checkpoint nothing tells how long the object should be.
    migration.control.objects.clear();
    const again = await attemptUnit(migration, { askFirst: true });
    expect(again).toMatchObject({ state: 'done', raw: done.raw, target: { etag: done.target!.etag } });
  });

  it('of a small source that grows many times is still moved once', async () => {
    const migration = migrationWith([gzipSync(Buffer.alloc(9 * MiB), { level: 1 }), gzipSync(noise(400_000))], {
      decompress: 'gzip',
      compress: 'none',
    });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', target: { parts: 2 } });
    expect(migration.source.requests.count('open')).toBe(2);
  });
});
