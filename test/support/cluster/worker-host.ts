import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childrenOf, killWorker } from '../faults/kill-workers.js';
import type { ClusterHost } from './cluster-network.js';
import { startOnHost } from './host-process.js';

/** The built worker program on a host. */
export interface HostWorker {
  readonly host: ClusterHost;
  /** Kills its parent and all its processes with `kill -9`. */
  kill(): Promise<void>;
  /** Sends SIGTERM, and resolves when it has drained. */
  drain(): Promise<void>;
  /** Stops all its processes, as a machine that falls asleep does. */
  sleep(): void;
  wake(): void;
}

/** Where a version of the worker program is: `dist` of a checkout. */
export const thisVersion = new URL('../../../dist', import.meta.url).pathname;

/** Starts the worker on a host, with one process, and waits until it asks Temporal for work. */
export async function startWorker(
  host: ClusterHost,
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly folder: string;
    readonly dist?: string;
  },
): Promise<HostWorker> {
  const log = join(options.folder, `${host.name}.log`);
  const before = existsSync(log) ? statSync(log).size : 0;
  const worker = await startOnHost(host, {
    title: `the worker on ${host.name}`,
    command: [process.execPath, join(options.dist ?? thisVersion, 'worker.js'), '--processes', '1'],
    env: { ...process.env, ...options.environment, LONGHAUL_LOG: 'json' },
    log,
    // Older versions have no health checks.
    async prove() {
      const written = (await readFile(log)).subarray(before);
      if (!written.includes('"ready: ')) throw new Error('it has not reached Temporal');
    },
  });
  const all = (): readonly number[] => [worker.pid, ...childrenOf(worker.pid)];
  return {
    host,
    async kill() {
      killWorker(worker.pid);
      await worker.end('SIGKILL');
    },
    drain: () => worker.end('SIGTERM'),
    sleep() {
      for (const pid of all()) process.kill(pid, 'SIGSTOP');
    },
    wake() {
      for (const pid of all()) process.kill(pid, 'SIGCONT');
    },
  };
}
