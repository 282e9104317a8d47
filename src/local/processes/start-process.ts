import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { LocalStackError } from '../failure/local-stack-error.js';
import { messageOf } from '../failure/message-of.js';
import { processIdentity, type ProcessRecord } from './process-identity.js';
import { rotateLog } from './rotate-log.js';

/** How to run a part: program, arguments, whole environment, working directory, and the files for its two outputs. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly outputLog: string;
  readonly errorLog: string;
}

/**
 * Starts a detached process that leads its own group and outlives this one. `onStarted` is called in the same turn as
 * the start, so that only a crash within microseconds leaves a process unrecorded. Throws `LocalStackError` if it
 * cannot be started.
 */
export async function startProcess(launch: Launch, onStarted: (record: ProcessRecord) => void): Promise<void> {
  const logs = [...new Set([launch.outputLog, launch.errorLog])];
  logs.forEach(rotateLog);
  const handles = new Map(logs.map((log) => [log, openSync(log, 'a', 0o600)]));
  try {
    const child = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: launch.env,
      detached: true,
      stdio: ['ignore', handles.get(launch.outputLog), handles.get(launch.errorLog)],
    });
    if (child.pid === undefined) await failure(launch, child);
    else {
      child.unref();
      // A process that has already ended has no identity any more; with a text that no process has, it is found dead.
      onStarted({ pid: child.pid, identity: processIdentity(child.pid) ?? 'ended at once' });
    }
  } finally {
    for (const handle of handles.values()) closeSync(handle);
  }
}

async function failure(launch: Launch, child: ReturnType<typeof spawn>): Promise<never> {
  const [error] = (await once(child, 'error')) as [Error];
  throw new LocalStackError('unreachable', `${launch.command} cannot be started: ${messageOf(error)}`, {
    cause: error,
  });
}
