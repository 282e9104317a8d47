import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import unbzip2 from 'unbzip2-stream';
import { describe, expect, it } from 'vitest';
import type { DemoBlob } from '../../../../src/local/demo-data/demo-data-options.js';
import { demoContainers } from '../../../../src/local/demo-data/demo-containers.js';
import { generateDemoData } from '../../../../src/local/demo-data/generate-demo-data.js';
import { blobKey, demoOptions, generateInMemory } from './generate-in-memory.js';
import { selectBlobs } from './select-blobs.js';

const emptyStreamBytes = 14;
// A header, then the mark of a block or, in an empty stream, that of the end.
const streamStart = new RegExp(`BZh9(?:1AY&SY|${Buffer.from('177245385090', 'hex').toString('latin1')})`);

describe('generateDemoData', () => {
  it('makes the same files and bytes again from the same seed', async () => {
    const first = await generateInMemory({ seed: 7, units: 3 });
    const second = await generateInMemory({ seed: 7, units: 3, uploadsInFlight: 1 });
    expect(second.expected).toEqual(first.expected);
    expect(new Set(second.blobs.keys())).toEqual(new Set(first.blobs.keys()));
    for (const [key, { bytes }] of first.blobs) {
      expect(Buffer.compare(bytes, second.blobs.get(key)!.bytes), key).toBe(0);
    }
    expect(second.units).toBe(first.units);
    expect(second.migration).toBe(first.migration);
  });

  it('makes other texts from another seed', async () => {
    const digests = async (seed: number): Promise<unknown[]> =>
      (await generateInMemory({ seed, units: 2 })).expected.map((unit) => unit.state === 'done' && unit.sha256);
    const [first, second] = [await digests(1), await digests(2)];
    expect(second[0]).not.toBe(first[0]);
    expect(second[1]).not.toBe(first[1]);
  });

  it('expects of each unit the blobs that its migration file selects, in their order, and no other', async () => {
    const { summary, expected, blobs, migration, units } = await generateInMemory({ units: 30 });
    const selections = selectBlobs(migration, units, [...blobs.values()]);
    expect(selections.map(({ id, key, blobs: found }) => ({ id, key, found: found.map(blobKey) }))).toEqual(
      expected.map(({ id, key, wantedBlobNames }) => ({ id, key, found: wantedBlobNames.map(blobKey) })),
    );
    expect(Math.max(...selections.map(({ listings }) => listings))).toBeLessThanOrEqual(7);
    expect(summary.blobs).toBe(expected.reduce((sum, unit) => sum + unit.blobs, 0));
    expect(summary.blobs + summary.neighbours).toBe(blobs.size);
    expect(summary.neighbours).toBeGreaterThan(summary.blobs / 5);
  });

  it('stores blobs that decode to the text whose digests are expected', async () => {
    const { summary, expected, blobs } = await generateInMemory({ units: 8 });
    let rawBytes = 0;
    for (const unit of expected) {
      const plain = Buffer.concat(
        await Promise.all(unit.wantedBlobNames.map((blob) => decode(blobs.get(blobKey(blob))!))),
      );
      rawBytes += plain.length;
      expect({ ...unit, wantedBlobNames: [] }).toEqual({
        index: unit.index,
        id: unit.id,
        key: `demo/${unit.id}.json.gz`,
        blobs: unit.wantedBlobNames.length,
        wantedBlobNames: [],
        state: 'done',
        rawBytes: plain.length,
        sha256: createHash('sha256').update(plain).digest('hex'),
        crc32: crc32(plain).toString(16).padStart(8, '0'),
      });
      const lines = plain.toString().trimEnd().split('\n');
      expect(lines.every((line) => (JSON.parse(line) as { tenant: string }).tenant === unit.id.split('/')[0])).toBe(
        true,
      );
    }
    expect(summary.rawBytes).toBe(rawBytes);
  });

  it('stores blobs of two streams, of one empty stream, and of two around an empty one, about 10 KB each', async () => {
    const { expected, blobs } = await generateInMemory({ units: 12 });
    const wanted = expected
      .flatMap((unit) => unit.wantedBlobNames)
      .map((blob) => Buffer.from(blobs.get(blobKey(blob))!.bytes));
    const streams = (bytes: Buffer): number => bytes.toString('latin1').split(streamStart).length - 1;
    expect(new Set(wanted.map(streams))).toEqual(new Set([1, 2, 3]));
    expect(wanted.some((bytes) => bytes.length === emptyStreamBytes)).toBe(true);
    const mean = wanted.reduce((sum, bytes) => sum + bytes.length, 0) / wanted.length;
    expect(mean).toBeGreaterThan(7000);
    expect(mean).toBeLessThan(13_000);
  });

  it('stores only in the containers that are announced beforehand', async () => {
    const { blobs } = await generateInMemory({ units: 30 });
    const containers = demoContainers({ units: 30 }).map(({ account, container }) => `${account}/${container}`);
    expect(new Set(containers).size).toBe(containers.length);
    expect(new Set([...blobs.values()].map(({ account, container }) => `${account}/${container}`))).toEqual(
      new Set(containers),
    );
  });

  it('reports stored blobs and finished units up to the end', async () => {
    const seen: unknown[] = [];
    const { summary, blobs } = await generateInMemory({
      units: 2,
      progress: (done, total) => seen.push({ ...done, total: total.units }),
    });
    expect(seen.at(-1)).toEqual({ units: 2, blobs: blobs.size, bytes: summary.storedBytes, total: 2 });
    expect(seen.length).toBe(blobs.size + 2);
  });

  it('holds the texts back while uploads are open', async () => {
    let open = 0;
    let openMost = 0;
    let release: (() => void) | undefined;
    const full = new Promise<void>((resolve) => (release = resolve));
    await generateInMemory({
      units: 4,
      uploadsInFlight: 3,
      putBlob: async () => {
        open += 1;
        openMost = Math.max(openMost, open);
        if (open === 3) release?.();
        await full;
        open -= 1;
      },
    });
    expect(openMost).toBe(3);
  });

  it('rejects with the first failed upload once the others have ended', async () => {
    let open = 0;
    let calls = 0;
    const options = await demoOptions({
      units: 40,
      putBlob: async () => {
        calls += 1;
        if (calls === 5) throw new Error('the disk is full');
        open += 1;
        // Far more turns than the generation itself needs to end.
        for (let turn = 0; turn < 500; turn += 1) await new Promise(setImmediate);
        open -= 1;
      },
    });
    await expect(generateDemoData(options)).rejects.toThrow('the disk is full');
    expect(open).toBe(0);
    expect(calls).toBeLessThan(30);
  });

  it('rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    const options = await demoOptions({
      units: 40,
      signal: controller.signal,
      putBlob: async () => {
        controller.abort(new Error('the operator pressed Ctrl-C'));
      },
    });
    await expect(generateDemoData(options)).rejects.toThrow('the operator pressed Ctrl-C');
  });

  it.each([0, 1.5, 1_000_001])('refuses %d units', async (units) => {
    await expect(generateDemoData(await demoOptions({ units }))).rejects.toThrow('from 1 to 1000000');
  });

  it('refuses damage to a unit that does not exist', async () => {
    const options = await demoOptions({ units: 3, damage: new Map([[3, 'truncated']]) });
    await expect(generateDemoData(options)).rejects.toThrow('it has the units 0 to 2');
  });
});

async function decode(blob: DemoBlob): Promise<Buffer> {
  const plain = new PassThrough();
  const [decoded] = await Promise.all([
    buffer(plain),
    pipeline(Readable.from([Buffer.from(blob.bytes)]), unbzip2(), plain),
  ]);
  return decoded;
}
