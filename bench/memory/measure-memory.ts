import envPaths from 'env-paths';
import { silenceSdkAnnouncement } from '../../src/env.js';
import { blobContents } from '../bakeoff/data/blob-contents.js';
import { contentCount, workList } from '../bakeoff/data/work-list.js';
import { measureRun } from '../bakeoff/measure/measure-run.js';
import { rowsNamed } from '../bakeoff/rows/all-rows.js';

/** Moves small blobs and then ones that are ten times as large, each by Longhaul with its defaults. */
export async function measureMemory({
  units,
  latencyMs,
  tell,
}: {
  readonly units: number;
  readonly latencyMs: number;
  readonly tell: (line: string) => void;
}): Promise<readonly (readonly string[])[]> {
  silenceSdkAnnouncement();
  const { cache: cacheDir } = envPaths('longhaul', { suffix: '' });
  const [row] = rowsNamed(['longhaul']);
  if (row === undefined) throw new Error('there is no row of Longhaul');
  const prepared = await row.prepare({ cacheDir, log: tell });
  const rows: string[][] = [];
  let first: number | undefined;
  for (const times of [1, 10]) {
    tell(`blobs of ${String(times * 10)} KB …`);
    const contents = await blobContents(cacheDir, 'python3', times);
    const list = workList(Math.ceil(units / times), Math.floor(contentCount / times));
    const { parts = [], peakBytes } = await measureRun({ row, prepared, contents, latencyMs, units: list });
    const ofWorker = parts.find(({ name }) => name === 'worker processes')?.peakBytesOfOne ?? Number.NaN;
    first ??= ofWorker;
    rows.push([
      `${String(times * 10)} KB`,
      String(list.length),
      megabytes(ofWorker),
      (ofWorker / first).toFixed(2),
      megabytes(peakBytes),
    ]);
  }
  return rows;
}

function megabytes(bytes: number): string {
  return `${String(Math.round(bytes / 1e6))} MB`;
}
