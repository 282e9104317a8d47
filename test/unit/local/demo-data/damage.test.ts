import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Damage, damageBlob, damageClasses } from '../../../../src/local/demo-data/damage.js';
import { blobKey, type Generated, generateInMemory } from './generate-in-memory.js';

const kinds = Object.keys(damageClasses) as Damage[];
const firstDamaged = 2;

describe('damage', () => {
  let right: Generated;
  let damaged: Generated;

  beforeAll(async () => {
    const units = firstDamaged + kinds.length;
    right = await generateInMemory({ units });
    damaged = await generateInMemory({
      units,
      damage: new Map(kinds.map((kind, position) => [firstDamaged + position, kind])),
    });
  });

  it('leaves the other units as they were', () => {
    expect(damaged.expected.slice(0, firstDamaged)).toEqual(right.expected.slice(0, firstDamaged));
  });

  it('takes all blobs from a unit and expects it to be empty', () => {
    const unit = expectedOf('no-blobs');
    expect(unit).toMatchObject({ state: 'failed', class: 'EmptyUnit', badBlob: null, blobs: 0, wantedBlobNames: [] });
    expect(
      [...damaged.blobs.keys()].filter((key) => right.expected[unit.index]!.wantedBlobNames.map(blobKey).includes(key)),
    ).toEqual([]);
  });

  it.each(kinds.filter((kind) => kind !== 'no-blobs'))('names the blob and the class of "%s"', (kind) => {
    const unit = expectedOf(kind);
    expect(unit).toMatchObject({ state: 'failed', class: damageClasses[kind] });
    expect(unit.wantedBlobNames).toContainEqual(unit.state === 'failed' && unit.badBlob);
    expect(unit.wantedBlobNames).toEqual(right.expected[unit.index]!.wantedBlobNames);
  });

  it('changes one blob of a unit only', () => {
    for (const kind of kinds.filter((each) => each !== 'no-blobs')) {
      const unit = expectedOf(kind);
      const changed = unit.wantedBlobNames
        .map(blobKey)
        .filter((key) => Buffer.compare(damaged.blobs.get(key)!.bytes, right.blobs.get(key)!.bytes) !== 0);
      expect(changed, kind).toEqual(unit.state === 'failed' && unit.badBlob ? [blobKey(unit.badBlob)] : []);
    }
  });

  function expectedOf(kind: Damage): Generated['expected'][number] {
    return damaged.expected[firstDamaged + kinds.indexOf(kind)]!;
  }
});

describe('damageBlob', () => {
  const plain = Buffer.from(Array.from({ length: 200 }, (_, line) => `{"line":${line * line}}\n`).join(''));
  let bzip2: Buffer;

  beforeAll(() => {
    bzip2 = execFileSync(
      'python3',
      ['-c', 'import bz2,sys; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read()))'],
      {
        input: plain,
      },
    );
  });

  it('empties', () => {
    expect(damageBlob('zero-bytes', bzip2, plain)).toHaveLength(0);
  });

  it('cuts inside the block', () => {
    const bytes = damageBlob('truncated', bzip2, plain);
    expect(decodedByPython(bytes)).toBe('0 more');
  });

  it('cuts the end so that all data still comes out', () => {
    const bytes = damageBlob('end-missing', bzip2, plain);
    expect(bytes).toHaveLength(bzip2.length - 10);
    expect(decodedByPython(bytes)).toBe(`${plain.length} more`);
  });

  it.each(['block-crc', 'stream-crc'] as const)('flips one bit of the checksum for "%s"', (kind) => {
    const bytes = damageBlob(kind, bzip2, plain);
    const differing = [...bytes].filter((byte, offset) => byte !== bzip2[offset]);
    expect(differing).toHaveLength(1);
    expect(decodedByPython(bytes)).toBe('refused');
    const offset = [...bytes].findIndex((byte, at) => byte !== bzip2[at]);
    expect(offset).toBe(kind === 'block-crc' ? 10 : bzip2.length - 3);
  });

  it('puts other formats in its place', () => {
    expect(gunzipSync(damageBlob('is-gzip', bzip2, plain))).toEqual(plain);
    expect(Buffer.from(damageBlob('is-html', bzip2, plain)).toString()).toContain('<!DOCTYPE html>');
    expect(damageBlob('is-plain', bzip2, plain)).toEqual(plain);
  });

  it.each([
    ['trailing-byte', 'x'],
    ['trailing-text', '-- end of export --\n'],
    ['trailing-zeros', '\0'.repeat(512)],
  ] as const)('appends garbage for "%s"', (kind, garbage) => {
    expect(damageBlob(kind, bzip2, plain)).toEqual(Buffer.concat([bzip2, Buffer.from(garbage)]));
  });

  it('puts junk between two streams', () => {
    expect(damageBlob('junk-between-streams', bzip2, plain)).toEqual(
      Buffer.concat([bzip2, Buffer.from('junk'), bzip2]),
    );
  });
});

// What the reference library says of a stream: how many bytes come out, and whether it wants more.
function decodedByPython(bytes: Uint8Array): string {
  const program = `
import bz2, sys
decoder = bz2.BZ2Decompressor()
try:
    size = len(decoder.decompress(sys.stdin.buffer.read()))
    print(size, "end" if decoder.eof else "more")
except OSError:
    print("refused")
`;
  return execFileSync('python3', ['-c', program], { input: bytes, encoding: 'utf8' }).trim();
}
