import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaimFiles } from '../../src/pipeline/unclaimed/claim-files.js';
import { examineContainer } from '../../src/pipeline/unclaimed/examine-container.js';
import type { ListedItem } from '../../src/pipeline/unclaimed/match-claims.js';

const place = { account: 'east', container: 'events' };
const pageSize = 5_000;
// Of a thousand blobs one is claimed by no unit and one by two.
const every = 1_000;
const blobsPerUnit = 10;

/** Finds the unclaimed blobs of one container whose listing is made up, as `plan --unclaimed` does. */
export async function measureUnclaimed({ blobs, order }: { readonly blobs: number; readonly order: string }): Promise<{
  readonly steps: readonly (readonly string[])[];
  readonly figures: readonly (readonly string[])[];
}> {
  const directory = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));
  const steps: string[][] = [];
  let [rssMax, diskMax] = [0, 0];
  const watch = setInterval(() => {
    rssMax = Math.max(rssMax, process.memoryUsage().rss);
    void bytesOf(directory).then((bytes) => (diskMax = Math.max(diskMax, bytes)));
  }, 200);
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const beganMs = performance.now();
    const result = await work();
    const seconds = (performance.now() - beganMs) / 1_000;
    steps.push([step, seconds.toFixed(1), Math.round(blobs / seconds).toLocaleString('en-US')]);
    return result;
  };
  try {
    const files = new ClaimFiles(directory);
    await timed('gather the claims, in runs', () => claimAll(files, blobs));
    await timed('merge the runs', () => files.divide());
    const nameAt = order === 'folders' ? folderName : byteName;
    const { sums } = await timed('list and match', () =>
      examineContainer({
        ...{ place, directory, name: 'events' },
        claims: () => files.of(place),
        list: () => pages(blobs, nameAt),
      }),
    );
    const counts = [sums.claimed, sums.unclaimed, sums.twice].map(({ blobs: count }) => count.toLocaleString('en-US'));
    const figures = [
      ['claimed, unclaimed, claimed twice', counts.join(', ')],
      ['peak memory of the process', `${String(Math.round(rssMax / 2 ** 20))} MiB`],
      ['peak of temporary files', `${(diskMax / 1e9).toFixed(2)} GB`],
    ];
    return { steps, figures };
  } finally {
    clearInterval(watch);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Claims come unit by unit, and units in another order than names: each group of ten is somewhere else. */
async function claimAll(files: ClaimFiles, blobs: number): Promise<void> {
  const units = Math.ceil(blobs / blobsPerUnit);
  // A step without a common factor with the number of units visits each of them.
  const stride = coprime(Math.floor(units * 0.618) || 1, units);
  for (let visited = 0, unit = 0; visited < units; visited += 1, unit = (unit + stride) % units)
    for (let blob = unit * blobsPerUnit; blob < Math.min(blobs, (unit + 1) * blobsPerUnit); blob += 1) {
      if (blob % every === 0) continue;
      const claim = { ...place, name: byteName(blob), unit };
      await files.add(claim);
      if (blob % every === 1) await files.add({ ...claim, unit: unit + 1 });
    }
}

async function* pages(blobs: number, nameAt: (blob: number) => string): AsyncGenerator<readonly ListedItem[]> {
  for (let start = 0; start < blobs; start += pageSize) {
    const length = Math.min(pageSize, blobs - start);
    yield Array.from({ length }, (_, at) => ({ key: nameAt(start + at), bytes: 10_000, lastModifiedMs: 0 }));
  }
}

/** A name of 60 bytes; a higher number is a later name. */
function byteName(blob: number): string {
  const digits = String(blob).padStart(10, '0');
  return `tenants/${digits.slice(0, 4)}/2019/07/03/europe-west/part-${digits}.json.bz2`;
}

/** The same names, in another order: that of their numbers read backwards within a hundred thousand. */
function folderName(blob: number): string {
  const within = blob % 100_000;
  return byteName(blob - within + (99_999 - within));
}

function coprime(from: number, of: number): number {
  let step = from;
  while (divisor(step, of) !== 1) step += 1;
  return step;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

async function bytesOf(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory).catch(() => []))
    bytes += await stat(join(directory, name)).then(
      ({ size }) => size,
      () => 0,
    );
  return bytes;
}
