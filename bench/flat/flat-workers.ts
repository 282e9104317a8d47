import { execa } from 'execa';
import { once } from 'node:events';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** A running worker: a parent and its processes, which have the accounts and the bucket in memory. */
export interface FlatWorkers {
  /** The processes, without the parent. */
  readonly pids: readonly number[];
  /** Lets them hand their slices back, and resolves when all have ended. */
  drain(): Promise<void>;
}

/** A line of a worker's log. */
interface LogLine {
  readonly msg: string;
  readonly pid: number;
}

const lastWordsMax = 40;

/** Starts the worker of a build, and resolves when all its processes serve the task queue. */
export async function startWorkers(
  build: string,
  processes: number,
  environment: Readonly<Record<string, string>>,
): Promise<FlatWorkers> {
  const standIns = pathToFileURL(join(import.meta.dirname, 'stand-ins/register.mjs')).href;
  const worker = execa(process.execPath, [join(build, 'dist/worker.js'), '--processes', String(processes)], {
    env: { ...environment, LONGHAUL_LOG: 'json', NODE_OPTIONS: `--import=${standIns}` },
    ...{ reject: false, stdin: 'ignore', stdout: 'ignore', buffer: false },
  });
  const state = { isDraining: false };
  const lastWords: string[] = [];
  worker.on('exit', (status, signal) => {
    if (status !== 0 || !state.isDraining)
      process.stderr.write(`A worker ended with ${String(status ?? signal)}:\n${lastWords.join('\n')}\n`);
  });
  const pids: number[] = [];
  const lines = createInterface({ input: worker.stderr });
  await new Promise<void>((ready, fail) => {
    worker.on('exit', () => fail(new Error('a worker ended before it was ready')));
    lines.on('line', (line) => {
      lastWords.push(line);
      if (lastWords.length > lastWordsMax) lastWords.shift();
      const { msg, pid } = logLine(line);
      if (msg.startsWith('ready: ')) pids.push(pid);
      if (pids.length === processes) ready();
    });
  });
  return {
    pids,
    async drain() {
      state.isDraining = true;
      const ended = once(worker, 'exit');
      worker.kill('SIGTERM');
      await ended;
    },
  };
}

/** Parses a line of a worker's log, where Node writes warnings of its own too. */
function logLine(line: string): LogLine {
  return line.startsWith('{') ? (JSON.parse(line) as LogLine) : { msg: line, pid: 0 };
}

/** Copies the build under another version, as an upgrade would. Returns its folder. */
export async function nextBuild(folder: string): Promise<string> {
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const current = JSON.parse(await readFile('package.json', 'utf8')) as Readonly<Record<string, unknown>>;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...current, version: '99.0.0' }));
  return folder;
}
