import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { waitUntilReady } from '../../../src/local/processes/wait-until-ready.js';
import type { ClusterHost } from './cluster-network.js';

/** A process on a host. */
export interface HostProcess {
  readonly pid: number;
  /** Sends a signal, and resolves when the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a program on a host and waits until it is ready. Its output is appended to a file. */
export async function startOnHost(
  host: Pick<ClusterHost, 'namespace'>,
  run: {
    readonly title: string;
    readonly command: readonly string[];
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly log: string;
    readonly prove: (signal: AbortSignal) => Promise<void>;
  },
): Promise<HostProcess> {
  const output = openSync(run.log, 'a');
  // `ip` becomes the program, so that its process id is that of the program.
  const child = spawn('ip', ['netns', 'exec', host.namespace, ...run.command], {
    stdio: ['ignore', output, output],
    ...(run.env === undefined ? {} : { env: run.env }),
  });
  closeSync(output);
  const ended = once(child, 'exit');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${run.title} cannot be started`);
  await waitUntilReady({
    ...{ title: run.title, withinMs: 120_000, hint: () => readFileSync(run.log, 'utf8').slice(-3_000) },
    prove: run.prove,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    progress: (line) => console.error(line),
    signal: new AbortController().signal,
  });
  return {
    pid,
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
