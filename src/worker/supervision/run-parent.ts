import { fork } from 'node:child_process';
import type { Logger } from 'pino';
import { supervise } from './supervise.js';
import type { WorkerCall } from '../worker-command.js';

/**
 * Runs a worker's parent until its processes have drained, after SIGTERM or SIGINT, and returns the exit status. A
 * second signal kills them.
 */
export async function runParent(options: {
  readonly call: WorkerCall;
  /** Path of the program that each process runs. */
  readonly program: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The variable that keeps the AWS SDK from announcing which Node its later versions will need. */
  readonly sdkAnnouncementDisabled: string;
  readonly log: Logger;
}): Promise<number> {
  const { call, program, variables, sdkAnnouncementDisabled, log } = options;
  const drain = new AbortController();
  const force = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (drain.signal.aborted) {
      log.warn(`${signal} again: ends at once; slices continue elsewhere after their heartbeat timeout`);
      force.abort();
    } else {
      log.info(`${signal}: drains; a second signal ends at once`);
      drain.abort();
    }
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  log.info(`starts ${String(call.processes)} processes for task queue ${call.taskQueue}`);
  const start = (number: number, token: string) =>
    fork(program, childArguments(call, number, token), {
      env: childVariables(number, variables, sdkAnnouncementDisabled),
    });
  const status = await supervise({ processes: call.processes, start, log, drain: drain.signal, force: force.signal });
  log.info(status === 0 ? 'drained' : `ended with exit status ${String(status)}`);
  return status;
}

function childArguments({ processes, taskQueue }: WorkerCall, number: number, token: string): readonly string[] {
  const self = ['--child', String(number), '--token', token];
  return [...self, '--processes', String(processes), '--task-queue', taskQueue];
}

/** Once is enough: only the first process logs which Node the AWS SDK's later versions will need. */
export function childVariables(
  number: number,
  variables: Readonly<Record<string, string | undefined>>,
  sdkAnnouncementDisabled: string,
): Record<string, string | undefined> {
  return number === 1 ? { ...variables } : { [sdkAnnouncementDisabled]: 'true', ...variables };
}
