import { fork } from 'node:child_process';
import type { Logger } from 'pino';
import { supervise } from './supervise.js';
import type { WorkerCall } from './worker-command.js';

/** Runs a worker's parent until its processes have drained, after SIGTERM or SIGINT, and gives the exit status. A second signal kills them. */
export async function runParent(call: WorkerCall, program: string, log: Logger): Promise<number> {
  const drain = new AbortController();
  const force = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (drain.signal.aborted) {
      log.warn(`${signal} again: ends at once; slices go on elsewhere after their heartbeat timeout`);
      force.abort();
    } else {
      log.info(`${signal}: drains; once more ends at once`);
      drain.abort();
    }
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  log.info(`starts ${String(call.processes)} processes for task queue ${call.taskQueue}`);
  const start = (number: number) => fork(program, ['--child', String(number), '--task-queue', call.taskQueue]);
  const status = await supervise({ processes: call.processes, start, log, drain: drain.signal, force: force.signal });
  log.info(status === 0 ? 'drained' : `ended with exit status ${String(status)}`);
  return status;
}
