import envPaths from 'env-paths';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silenceSdkAnnouncement } from '../../src/env.js';
import { blobContents } from '../bakeoff/data/blob-contents.js';
import { workList } from '../bakeoff/data/work-list.js';
import { measureRun } from '../bakeoff/measure/measure-run.js';
import { groupVariable, ProcessGroup } from '../bakeoff/measure/process-group.js';
import { rowsNamed } from '../bakeoff/rows/all-rows.js';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';
import { profileStages } from './profile-stages.js';
import { workerThreads } from './worker-threads.js';

/** The threads of the worker processes at the end of a phase. */
interface PhaseEnd {
  readonly threads: ReadonlyMap<string, number>;
  readonly atMicros: number;
}

/** Runs Longhaul once as the bake-off does, and prints what its worker processes spend their CPU time on. */
export async function measureStages(options: {
  readonly units: string;
  readonly latency: string;
  readonly level: string;
  readonly profile: string;
}): Promise<void> {
  silenceSdkAnnouncement();
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const [row] = rowsNamed([options.level === 'fast' ? 'longhaul-fast' : 'longhaul']);
  if (row === undefined) throw new Error('the bake-off has no row of Longhaul');
  const cacheDir = envPaths('longhaul', { suffix: '' }).cache;
  const prepared = await row.prepare({ cacheDir, log });
  const folder = options.profile === '' ? undefined : resolve(options.profile);
  const ends: PhaseEnd[] = [];
  const figures = await measureRun({
    ...{ row, units: workList(Number(options.units)), latencyMs: Number(options.latency) },
    contents: await blobContents(cacheDir, 'python3'),
    prepared: {
      ...prepared,
      run: (scene) => {
        const environment = { ...scene.environment, ...(folder !== undefined && profiling(folder)) };
        const group = new ProcessGroup(environment[groupVariable] ?? '');
        const phase = (name: string): void => {
          ends.push({ threads: workerThreads(group), atMicros: Number(process.hrtime.bigint() / 1_000n) });
          scene.phase(name);
        };
        return prepared.run({ ...scene, environment, phase });
      },
    },
  });
  const { blobs, wallSeconds, userSeconds, systemSeconds, peakBytes } = figures;
  const msOf = (seconds: number): string => ((seconds * 1_000) / blobs).toFixed(2);
  log(`${machineLine()}\n\n${String(blobs)} blobs, ${options.level}: ${wallSeconds.toFixed(1)} s, `);
  log(`${msOf(userSeconds + systemSeconds)} ms of CPU a blob, ${(peakBytes / 1e6).toFixed(0)} MB\n`);
  log(threadTable(ends, msOf));
  if (folder !== undefined) log(await stageTable(folder, ends[0]?.atMicros ?? 0, msOf));
}

function profiling(folder: string): Readonly<Record<string, string>> {
  const hook = pathToFileURL(join(import.meta.dirname, 'profile-hook.mjs')).href;
  return { LONGHAUL_BENCH_PROFILES: folder, NODE_OPTIONS: `--import ${hook}` };
}

/** Threads of the worker processes: until they were ready, and until the migration had ended. */
function threadTable([ready, ended]: readonly PhaseEnd[], msOf: (seconds: number) => string): string {
  const rows = [...(ended?.threads ?? [])]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, seconds]) => {
      const before = ready?.threads.get(kind) ?? 0;
      return [kind, secondsText(before), secondsText(seconds - before), msOf(seconds)];
    });
  return markdownTable(['threads of worker processes', 'until ready', 'afterwards', 'ms a blob'], rows);
}

async function stageTable(folder: string, readyMicros: number, msOf: (seconds: number) => string): Promise<string> {
  const stages = await profileStages(folder, readyMicros, /worker\/run-process/);
  const all = [...stages.values()].reduce((sum, { start, work }) => sum + start + work, 0);
  const rows = [...stages].map(([stage, { start, work }]) => [
    ...[stage, secondsText(start), secondsText(work), msOf(start + work)],
    `${(((start + work) / all) * 100).toFixed(1)} %`,
  ]);
  return markdownTable(['main threads of worker processes', 'until ready', 'afterwards', 'ms a blob', 'share'], rows);
}

const secondsText = (seconds: number): string => `${seconds.toFixed(2)} s`;
