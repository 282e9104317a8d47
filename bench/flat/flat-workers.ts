import { execa } from 'execa';
import { join } from 'node:path';

/** A worker process of the benchmark, and what it has moved once it has ended. */
export interface FlatWorker {
  readonly pid: number | undefined;
  /** Lets it hand its slices back, and returns how many objects it has put since it was started. */
  drain(): Promise<number>;
}

const lastWordsMax = 4_000;
// Node says this of a worker that was told to drain.
const drained = 0;

/** Starts worker processes of one build, and resolves when all of them serve the task queue. */
export async function startWorkers(
  count: number,
  environment: Readonly<Record<string, string>>,
): Promise<readonly FlatWorker[]> {
  return await Promise.all(Array.from({ length: count }, () => startWorker(environment)));
}

async function startWorker(environment: Readonly<Record<string, string>>): Promise<FlatWorker> {
  const program = join(import.meta.dirname, 'worker.mjs');
  const worker = execa(process.execPath, [program], { env: environment, reject: false, stdin: 'ignore' });
  const state = { isDraining: false, lastWords: '' };
  await new Promise<void>((resolve, reject) => {
    worker.stderr.on('data', (log: Buffer) => {
      state.lastWords = (state.lastWords + log.toString()).slice(-lastWordsMax);
      if (log.includes('"ready: ')) resolve();
    });
    worker.on('exit', (status, signal) => {
      const how = `a worker ended with ${String(status ?? signal)}`;
      if (status !== drained || !state.isDraining) process.stderr.write(`${how}:\n${state.lastWords}\n`);
      reject(new Error(how));
    });
  });
  return {
    pid: worker.pid,
    async drain() {
      state.isDraining = true;
      worker.kill('SIGTERM');
      const { stdout } = await worker;
      return movedOf(stdout);
    },
  };
}

/** Reads what a worker prints at its end. One that was killed has printed nothing. */
export function movedOf(printed: string): number {
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  return last === '' ? Number.NaN : (JSON.parse(last) as { readonly moved: number }).moved;
}
