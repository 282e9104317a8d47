import { fork } from 'node:child_process';
import type { Logger } from 'pino';
import { HealthBoard } from '../health/health-board.js';
import { HealthAddressError } from '../health/health-address.js';
import { misconfiguredStatus, supervise, supervisionBounds } from './supervise.js';
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
  /** Where health checks are answered, if anywhere. */
  readonly healthAddress: string | undefined;
  readonly log: Logger;
}): Promise<number> {
  const { call, program, variables, sdkAnnouncementDisabled, healthAddress, log } = options;
  const drain = new AbortController();
  const force = new AbortController();
  const board = new HealthBoard({ processes: call.processes, drainMs: supervisionBounds.drainMs });
  const onSignal = (signal: NodeJS.Signals): void => {
    if (drain.signal.aborted) {
      log.warn(`${signal} again: ends at once; slices continue elsewhere after their heartbeat timeout`);
      force.abort();
    } else {
      log.info(`${signal}: drains; a second signal ends at once`);
      board.noteDrain();
      drain.abort();
    }
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  if (healthAddress !== undefined) {
    const failed = await startHealth(healthAddress, board, log);
    if (failed !== undefined) return failed;
  }
  log.info(`starts ${String(call.processes)} processes for task queue ${call.taskQueue}`);
  const start = (number: number, token: string) =>
    fork(program, childArguments(call, number, token), {
      env: childVariables(number, variables, sdkAnnouncementDisabled),
    });
  const status = await supervise({
    ...{ processes: call.processes, start, log, drain: drain.signal, force: force.signal },
    noteState: (number, state) => board.note(number, state),
  });
  log.info(status === 0 ? 'drained' : `ended with exit status ${String(status)}`);
  return status;
}

/** Returns the exit status of the worker if its health cannot be served. */
async function startHealth(address: string, board: HealthBoard, log: Logger): Promise<number | undefined> {
  // A parent that is not asked for it has no HTTP server.
  const { serveHealth } = await import('../health/serve-health.js');
  try {
    await serveHealth(address, board);
    return undefined;
  } catch (error) {
    log.fatal(error instanceof Error ? error.message : String(error));
    return error instanceof HealthAddressError ? misconfiguredStatus : 1;
  }
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
