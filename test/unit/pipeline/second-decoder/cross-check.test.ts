import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceBlob } from '../../../../src/domain/manifest.js';
import { isChosen } from '../../../../src/pipeline/second-decoder/cross-check.js';
import type * as Decompress from '../../../../src/pipeline/second-decoder/unbzip2-stream.js';
import { attemptUnit } from '../../../support/fakes/attempts.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

// Both decoders are right; to see what happens when they differ, the second one is given other bytes here.
const second = vi.hoisted(() => ({ asked: [] as string[], instead: [] as Uint8Array[] }));
vi.mock('../../../../src/pipeline/second-decoder/unbzip2-stream.js', async (importOriginal) => {
  const original = await importOriginal<typeof Decompress>();
  const decodeByUnbzip2: typeof original.decodeByUnbzip2 = (body, limits, label) => {
    second.asked.push(label);
    const instead = second.instead.shift();
    return original.decodeByUnbzip2(instead === undefined ? body : inPlaceOf(body, instead), limits, label);
  };
  return { ...original, decodeByUnbzip2 };
  async function* inPlaceOf(body: AsyncIterable<Uint8Array>, bytes: Uint8Array) {
    for await (const _ of body);
    yield bytes;
  }
});
beforeEach(() => {
  second.asked = [];
  second.instead = [];
});

const bzip2 = (text: string) => writeStream(9, [{ content: Buffer.from(text) }]);

function migrationWith(
  blobs: readonly (Uint8Array | string)[],
  decode: number,
  transform: NonNullable<Parameters<typeof smallDefinition>[0]>['transform'] = {},
): MemoryMigration {
  const changes = { decompress: 'bzip2', crossCheck: { decode, encode: 1 }, ...transform } as const;
  const migration = new MemoryMigration({ units: 1, definition: smallDefinition({ transform: changes }) });
  for (const [index, bytes] of blobs.entries()) migration.addBlob(0, String(index).padStart(3, '0'), bytes);
  return migration;
}

describe('crossCheck.decode', () => {
  const blobs = Array.from({ length: 40 }, (_, index) => bzip2(`blob ${String(index)} `));

  it('gives good blobs to the second decoder: all of them, none, or the share, the same at every attempt', async () => {
    const asked = async (share: number) => {
      second.asked = [];
      const migration = migrationWith(blobs, share);
      expect(await attemptUnit(migration)).toMatchObject({ state: 'done', blobs: 40 });
      // What small blobs are made of is still there: no byte is read twice.
      expect(migration.source.requests.count('open')).toBe(40);
      return second.asked;
    };
    expect(await asked(1)).toHaveLength(40);
    expect(await asked(0)).toEqual([]);
    const some = await asked(0.3);
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(40);
    expect(await asked(0.3)).toEqual(some);
  });

  it.each([
    ['decodes to as many other bytes', bzip2('OURS'), /4 bytes with the CRC-32 .* gives 4 bytes with the CRC-32/],
    ['decodes to fewer bytes', bzip2('our'), /4 bytes .* gives 3 bytes/],
    ['refuses', writeStream(9, [{ content: { stored: Buffer.from('ours'), crc: 1 } }]), /refuses it/],
  ])('fails the unit with DecoderDisagreement over a blob that the second decoder %s', async (_, seen, says) => {
    for (const onCorrupt of ['fail', 'skip-blob'] as const) {
      second.instead = [seen, seen];
      const migration = migrationWith([bzip2('ours')], 1, { onCorrupt });
      const receipt = await attemptUnit(migration);
      expect(receipt).toMatchObject({ state: 'failed', class: 'DecoderDisagreement', blob: 'east/events/unit-0/000' });
      expect(receipt.message).toMatch(says);
      expect(migration.target.objects.size).toBe(0);
    }
  });

  it('asks once more before it says so', async () => {
    second.instead = [bzip2('OURS')];
    expect(await attemptUnit(migrationWith([bzip2('ours')], 1))).toMatchObject({ state: 'done' });
    expect(second.asked).toHaveLength(2);
  });

  it('reads a blob of more than 4 MiB again', async () => {
    const large = Buffer.alloc(4 * 1024 * 1024 + 14, writeStream(9, []));
    const whole = large.subarray(0, large.length - (large.length % 14));
    // It takes minutes for so many streams.
    second.instead = [writeStream(9, [])];
    const migration = migrationWith([whole], 1);
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done' });
    expect(migration.source.requests.count('open')).toBe(2);
    expect(second.asked).toHaveLength(1);
  });

  it('overlooks what unbzip2-stream is known not to decode', async () => {
    const randomised = writeStream(9, [{ content: Buffer.from('randomised'), randomised: true }]);
    const migration = migrationWith([randomised, bzip2('x')], 1);
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done', notes: [] });
    expect(second.asked).toHaveLength(2);
  });

  it('asks only about bzip2, and not when bytes after the last stream were ignored', async () => {
    const trailing = Buffer.concat([bzip2('b'), Buffer.from('\n')]);
    const migration = migrationWith(['plain', trailing], 1, { decompress: 'auto', trailingGarbage: 'ignore' });
    expect(await attemptUnit(migration)).toMatchObject({ state: 'done' });
    expect(second.asked).toEqual([]);
  });
});

it('a share of blobs is chosen by what they are: about that many, and each version separately', () => {
  const blob = (name: number, etag = '"1"'): SourceBlob => ({
    ...{ account: 'east', container: 'in', name: String(name), etag },
    ...{ bytes: 1, md5: null },
  });
  const names = Array.from({ length: 20_000 }, (_, name) => name);
  const chosen = names.filter((name) => isChosen(blob(name), 1 / 100));
  expect(chosen.length).toBeGreaterThan(150);
  expect(chosen.length).toBeLessThan(250);
  expect(chosen.filter((name) => isChosen(blob(name, '"2"'), 1 / 100)).length).toBeLessThan(chosen.length / 5);
  expect(names.every((name) => isChosen(blob(name), 1) && !isChosen(blob(name), 0))).toBe(true);
});
