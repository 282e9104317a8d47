import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecords, type BlobContents } from '../data/blob-contents.js';
import { blobsTsv, unitsCsv, type WorkUnit } from '../data/work-list.js';
import type { Prepared, Row, Scene } from '../rows/row.js';
import { startStores, type Stores } from '../servers/start-stores.js';
import { additionalKeys, objectReader, verifyCopies, verifyUnits, type Difference } from '../verify-result.js';
import { groupVariable, ProcessGroup, sampling, type GroupFigures } from './process-group.js';

/** What one run took, and what it produced. */
export interface RunFigures extends GroupFigures {
  readonly units: number;
  readonly blobs: number;
  /** Bytes of the blobs as they are in the source. */
  readonly bytes: number;
  readonly wallSeconds: number;
  /** CPU time of the stores and of the proxy in front of them, while the program ran. */
  readonly storesCpuSeconds: number;
  /** Requests that the source has answered. */
  readonly lists: number;
  readonly reads: number;
  /** Bytes that were sent to the target, including the headers of requests. Results of earlier versions have none. */
  readonly written?: number;
  /** Bytes of all objects that it left. */
  readonly targetBytes: number;
  /** The phases that the program has, if it has any. */
  readonly phases?: readonly PhaseFigures[];
}

/** What one phase of a run took. */
export interface PhaseFigures {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** One run, what it moves and where. */
export interface RunOptions {
  readonly row: Row;
  readonly prepared: Prepared;
  readonly units: readonly WorkUnit[];
  readonly contents: BlobContents;
  readonly latencyMs: number;
}

/** Runs a program on new stores, measures it, and compares what it left with what must be there. */
export async function measureRun(options: RunOptions): Promise<RunFigures> {
  const { row, prepared, units, contents } = options;
  return await onScene(options, async (scene, group) => {
    const compressed = readRecords(await readFile(contents.compressedPath));
    const storesBefore = cpuSeconds(scene.stores.group.figures());
    const beganMs = performance.now();
    let endedMs = 0;
    const { phase, phases } = phasesOf(group, beganMs);
    const measured = { ...scene, phase, done: () => (endedMs = performance.now()) };
    await sampling(group, () => sampling(scene.stores.group, () => prepared.run(measured)));
    const figures = group.figures();
    const wallSeconds = ((endedMs || performance.now()) - beganMs) / 1_000;
    const storesCpuSeconds = cpuSeconds(scene.stores.group.figures()) - storesBefore;
    const { lists, reads, written } = await scene.stores.served();
    const targetBytes = await verified(row, { units, raw: contents.raw, compressed }, scene.stores);
    const blobs = units.flatMap((unit) => unit.blobs);
    const bytes = blobs.reduce((sum, { content }) => sum + (compressed[content]?.length ?? 0), 0);
    return {
      ...figures,
      ...{ units: units.length, blobs: blobs.length, bytes, wallSeconds, storesCpuSeconds },
      ...{ lists, reads, written, targetBytes },
      ...(phases.length > 0 && { phases }),
    };
  });
}

/** Returns a function that ends a phase, and the list that it adds the phase to. */
function phasesOf(group: ProcessGroup, beganMs: number) {
  const phases: PhaseFigures[] = [];
  let before = { ms: beganMs, cpu: 0 };
  const phase = (name: string): void => {
    const now = { ms: performance.now(), cpu: cpuSeconds(group.figures()) };
    phases.push({ name, seconds: (now.ms - before.ms) / 1_000, cpuSeconds: now.cpu - before.cpu });
    before = now;
  };
  return { phase, phases };
}

/** Sets up a scene, uses it and removes it. No process of the group outlives it. */
export async function onScene<T>(
  { units, contents, latencyMs }: RunOptions,
  use: (scene: Omit<Scene, 'done' | 'phase'>, group: ProcessGroup) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));
  const [unitsPath, blobsPath] = [join(folder, 'units.csv'), join(folder, 'blobs.tsv')];
  await writeFile(unitsPath, unitsCsv(units));
  await writeFile(blobsPath, blobsTsv(units));
  const contentsPath = contents.compressedPath;
  const stores = await startStores({ blobsPath, contentsPath, latencyMs });
  const group = new ProcessGroup(`row of ${String(process.pid)} in ${folder}`);
  const environment = {
    ...process.env,
    ...stores.environment,
    BENCH_UNITS: unitsPath,
    [groupVariable]: group.name,
  };
  try {
    return await use({ units, unitsPath, contentsPath, stores, folder, environment, latencyMs }, group);
  } finally {
    await killAll(group);
    await stores.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Kills every process of a group with `kill -9`, including those that are started meanwhile. */
export async function killAll(group: ProcessGroup): Promise<void> {
  for (;;) {
    group.sample();
    if (group.pids().length === 0) return;
    for (const pid of group.pids()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        // It has ended by itself since the sample.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
    // A kill takes effect a little after it is sent.
    await sleep(5);
  }
}

interface Expected {
  readonly units: readonly WorkUnit[];
  readonly raw: readonly Buffer[];
  readonly compressed: readonly Buffer[];
}

/** Returns the bytes of all objects. Throws an error that names the first differences. */
export async function verified(row: Row, { units, raw, compressed }: Expected, stores: Stores): Promise<number> {
  if (row.result === 'nothing') return 0;
  const { client, bucket } = stores;
  let bytes = 0;
  const expected = new Set<string>();
  const reader = objectReader(client, bucket);
  const read = async (key: string): Promise<Buffer | undefined> => {
    const object = await reader(key);
    expected.add(key);
    bytes += object?.length ?? 0;
    return object;
  };
  const found =
    row.result === 'objects' ? await verifyUnits(units, raw, read) : await verifyCopies(units, compressed, read);
  const all = [...found, ...(await additionalKeys(client, bucket, expected))];
  if (all.length > 0) throw new WrongResult(row, all);
  return bytes;
}

/** What a program left is not what must be there. */
class WrongResult extends Error {
  override readonly name = 'WrongResult';

  constructor(row: Row, differences: readonly Difference[]) {
    const first = differences.slice(0, 5).map(({ key, what }) => `${key} is ${what}`);
    super(`${row.title} left ${String(differences.length)} wrong objects: ${first.join(', ')}`);
  }
}

function cpuSeconds({ userSeconds, systemSeconds }: GroupFigures): number {
  return userSeconds + systemSeconds;
}
