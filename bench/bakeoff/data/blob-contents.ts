import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBzip2Compressor } from '../../../src/local/demo-data/bzip2-compressor.js';
import { seededRandom } from '../../../src/local/demo-data/seeded-random.js';
import { writeLogLines } from '../../../src/local/demo-data/write-log-lines.js';
import { contentCount } from './work-list.js';

/** Where the contents of the blobs are, as files. Both are rows of records: four bytes of length, then the bytes. */
export interface BlobContents {
  readonly compressedPath: string;
  readonly raw: readonly Buffer[];
}

// Incremented when the contents change, so that nobody measures with old ones.
const version = 1;
// These raw bytes make blobs of 10 KB, the mean of the story.
const [rawMin, rawMax] = [73_000, 180_000];

/**
 * Makes the contents of all blobs, or finds them in the cache: JSON lines, and the same compressed by libbz2. Contents
 * that are `times` as large are fewer by that factor.
 */
export async function blobContents(cacheDir: string, python: string, times = 1): Promise<BlobContents> {
  const folder = join(cacheDir, 'bench', `contents-${String(version)}${times === 1 ? '' : `-x${String(times)}`}`);
  const [compressedPath, rawPath] = [join(folder, 'compressed'), join(folder, 'raw')];
  // A file is moved into place once it is complete; the compressed one is written first.
  if (!existsSync(rawPath)) {
    await mkdir(folder, { recursive: true });
    const raw = Array.from({ length: Math.floor(contentCount / times) }, (_unused, index) =>
      Buffer.concat(Array.from({ length: times }, (_each, part) => logLines(index * times + part))),
    );
    await writeWhole(compressedPath, recordsOf(await compressed(raw, python)));
    await writeWhole(rawPath, recordsOf(raw));
  }
  return { compressedPath, raw: readRecords(await readFile(rawPath)) };
}

/**
 * The lines lose their random traces; without them bzip2 reduces the lines to a tenth of their size, as in the story.
 */
function logLines(index: number): Buffer {
  const rawBytes = seededRandom('size of a blob', index).int(rawMin, rawMax);
  const lines = writeLogLines(
    { seed: 1, units: 1 },
    { tenant: 'northwind', month: '2024-03' },
    { account: 'east', name: `content ${String(index)}`, region: 'eu', day: '14', rawBytes, dense: false },
  );
  return Buffer.from(lines.toString('latin1').replaceAll(/"trace":"[0-9a-f]{32}",/g, ''), 'latin1');
}

async function compressed(raw: readonly Buffer[], python: string): Promise<readonly Buffer[]> {
  const compressor = startBzip2Compressor({ python, processes: 2 });
  try {
    const blobs: Buffer[] = [];
    // Twice as many open calls as processes keep these busy.
    for (let at = 0; at < raw.length; at += 4)
      blobs.push(...(await Promise.all(raw.slice(at, at + 4).map((each) => compressor.compress([each])))));
    return blobs;
  } finally {
    compressor.close();
  }
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

/** Returns the records as one buffer. */
function recordsOf(contents: readonly Buffer[]): Buffer {
  return Buffer.concat(
    contents.flatMap((content) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(content.length);
      return [length, content];
    }),
  );
}

/** Returns the contents of a buffer of records. */
export function readRecords(bytes: Buffer): readonly Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    contents.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return contents;
}
