import { execa } from 'execa';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** A running worker: a parent and its processes, which have the accounts and the bucket in memory. */
export interface InMemoryWorkers {
  readonly parent: number;
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

/** Starts a worker, and resolves when all its processes serve the task queue. */
export async function startInMemoryWorkers(options: {
  readonly processes: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of the build; this one by default. */
  readonly build?: string;
  /** What comes before the command, so that it runs on a host of its own. */
  readonly onHost?: readonly string[];
}): Promise<InMemoryWorkers> {
  const { processes, environment, build = resolve('.'), onHost = [] } = options;
  const standIns = pathToFileURL(join(import.meta.dirname, 'stand-ins/register.mjs')).href;
  const program = [process.execPath, join(build, 'dist/worker.js'), '--processes', String(processes)];
  const [command = '', ...args] = [...onHost, ...program];
  const worker = execa(command, args, {
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
    ...{ parent: worker.pid ?? 0, pids },
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
