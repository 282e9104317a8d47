import { describe, expect, it } from 'vitest';
import type { SourceBlob } from '../../../src/domain/manifest.js';
import { isChosen } from '../../../src/pipeline/cross-check.js';
import { attemptUnit, spoilReads } from '../../support/attempts.js';
import { writeStream } from '../../support/bzip2-writer.js';
import { MemoryMigration, smallDefinition } from '../../support/memory-migration.js';
import { useScaledTime } from '../../support/scaled-time.js';

useScaledTime(200);

const bzip2 = (text: string) => writeStream(9, [{ content: Buffer.from(text) }]);

function migrationWith(
  blobs: readonly (Uint8Array | string)[],
  decode: number,
  transform: Parameters<typeof smallDefinition>[0] = {},
): MemoryMigration {
  const changes = { decompress: 'bzip2', crossCheck: { decode, encode: 1 }, ...transform.transform } as const;
  const definition = smallDefinition({ transform: changes });
  const migration = new MemoryMigration({ units: 1, definition });
  for (const [index, bytes] of blobs.entries()) migration.addBlob(0, String(index).padStart(3, '0'), bytes);
  return migration;
}

const openings = (migration: MemoryMigration) => migration.source.requests.count('open');

describe('crossCheck.decode', () => {
  const blobs = Array.from({ length: 40 }, (_, index) => bzip2(`blob ${String(index)} `));

  it('reads a good blob again for the second decoder: all of them, none, or the share, the same at every attempt', async () => {
    const all = migrationWith(blobs, 1);
    expect(await attemptUnit(all)).toMatchObject({ state: 'done' });
    expect(openings(all)).toBe(80);
    const none = migrationWith(blobs, 0);
    await attemptUnit(none);
    expect(openings(none)).toBe(40);

    const some = migrationWith(blobs, 0.3);
    await attemptUnit(some);
    const read = openings(some);
    expect(read).toBeGreaterThan(40);
    expect(read).toBeLessThan(80);
    some.target.objects.clear();
    await attemptUnit(some);
    expect(openings(some)).toBe(2 * read);
  });

  it.each([
    ['decodes to as many other bytes', bzip2('ours'), bzip2('OURS'), /4 bytes with the CRC-32 .* 4 bytes with the CRC/],
    ['decodes to fewer bytes', bzip2('ours'), bzip2('our'), /4 bytes .* 3 bytes/],
    ['refuses', bzip2('ours'), writeStream(9, [{ content: { stored: Buffer.from('ours'), crc: 1 } }]), /refuses it/],
  ])('fails the unit with DecoderDisagreement over a blob that the second decoder %s', async (_, blob, seen, says) => {
    for (const onCorrupt of ['fail', 'skip-blob'] as const) {
      const migration = migrationWith([bzip2('x'), blob], 1, { transform: { onCorrupt } });
      spoilReads(migration, 'unit-0/001', [2, 3], seen);
      const receipt = await attemptUnit(migration);
      expect(receipt).toMatchObject({ state: 'failed', class: 'DecoderDisagreement', blob: 'east/events/unit-0/001' });
      expect(receipt.message).toMatch(says);
      expect(migration.target.objects.size).toBe(0);
    }
  });

  it('reads once more before it says so', async () => {
    const migration = migrationWith([bzip2('ours')], 1);
    spoilReads(migration, 'unit-0/000', [2], bzip2('OURS'));
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done' });
    expect(openings(migration)).toBe(2);
  });

  it('holds what unbzip2-stream is known not to decode against nobody', async () => {
    const randomised = writeStream(9, [{ content: Buffer.from('randomised'), randomised: true }]);
    const migration = migrationWith([randomised, bzip2('x')], 1);
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', notes: [] });
    expect(openings(migration)).toBe(4);
  });

  it('asks only about bzip2, and not where bytes behind the last stream were ignored', async () => {
    const trailing = Buffer.concat([bzip2('b'), Buffer.from('\n')]);
    const transform = { decompress: 'auto', trailingGarbage: 'ignore' } as const;
    const migration = migrationWith(['plain', trailing], 1, { transform });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done' });
    expect(openings(migration)).toBe(2);
  });
});

it('a share of blobs is chosen by what they are: about that many, and another version anew', () => {
  const blob = (name: number, etag = '"1"'): SourceBlob => ({
    ...{ account: 'east', container: 'in', name: String(name), etag },
    ...{ bytes: 1, md5: null },
  });
  const names = Array.from({ length: 100_000 }, (_, name) => name);
  const chosen = names.filter((name) => isChosen(blob(name), 1 / 100));
  expect(chosen.length).toBeGreaterThan(800);
  expect(chosen.length).toBeLessThan(1_200);
  expect(chosen.filter((name) => isChosen(blob(name, '"2"'), 1 / 100)).length).toBeLessThan(chosen.length / 10);
  expect(names.every((name) => isChosen(blob(name), 1) && !isChosen(blob(name), 0))).toBe(true);
});
