import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import { describeExit, type ProcessExit } from './describe-exit.js';
import type { ProcessState } from '../health/process-state.js';
import { isAlive, isLastWords, isState, tellDied, tellDrain } from './process-messages.js';

/** The processes of a worker. Aborting `drain` lets them end by themselves, aborting `force` kills them. */
export interface Supervision {
  readonly processes: number;
  /**
   * Starts process `number`, counted from 1, with a channel for messages. `token` is the name of this one process, and
   * of no other.
   */
  readonly start: (number: number, token: string) => ChildProcess;
  readonly log: Logger;
  readonly drain: AbortSignal;
  readonly force: AbortSignal;
  readonly bounds?: SupervisionBounds;
  /** Called with what each process says about itself, and when it starts. */
  readonly noteState?: (number: number, state: ProcessState) => void;
}

/** How long a process may be silent, and how long it may take to drain. */
export interface SupervisionBounds {
  /** Between two signs of life. */
  readonly beatIntervalMs: number;
  readonly missedBeatsMax: number;
  readonly drainMs: number;
}

/** The bounds of a worker, each with its reason. */
export const supervisionBounds = {
  beatIntervalMs: 5_000,
  // Three minutes: three times the heartbeat timeout, so that other workers have its slices by then and nothing is
  // lost. Beats are counted, not timed: a machine that was suspended has missed none.
  missedBeatsMax: 36,
  // A drain gives up on what is stuck after 60 s (`shutdownForceTime`), and then closes its connections.
  drainMs: 75_000,
} as const satisfies SupervisionBounds;

/** The exit status of a process, and of the worker, whose configuration no restart would cure. */
export const misconfiguredStatus = 2;

/**
 * Keeps the processes of a worker running: kills one whose event loop is stuck, starts one again that has died, with
 * growing delays, and logs what ended it. Returns the exit status of the worker once all have drained: 0, 1 if one had
 * to be killed, or 2 if one found the configuration wrong.
 */
export async function supervise(supervision: Supervision): Promise<number> {
  const hopeless = new AbortController();
  const family: Family = {
    ...supervision,
    bounds: supervision.bounds ?? supervisionBounds,
    drain: AbortSignal.any([supervision.drain, hopeless.signal]),
    living: new Set(),
    died: [],
    misconfigured: () => hopeless.abort(),
  };
  const numbers = Array.from({ length: supervision.processes }, (_, position) => position + 1);
  const ends = await Promise.all(numbers.map((number) => keepRunning(number, family)));
  if (hopeless.signal.aborted) return misconfiguredStatus;
  return supervision.force.aborted || ends.includes('killed') ? 1 : 0;
}

interface Family extends Supervision {
  readonly bounds: SupervisionBounds;
  readonly living: Set<ChildProcess>;
  /** Tokens of the processes that this worker has seen die, the newest last. */
  readonly died: string[];
  readonly misconfigured: () => void;
}

// More deaths than any unit is tried after; the oldest no longer matter.
const diedMax = 50;

async function keepRunning(number: number, family: Family): Promise<'drained' | 'killed'> {
  const { start, log, drain, died, living } = family;
  const isDraining = (): boolean => drain.aborted;
  let delayMs = 0;
  while (!isDraining()) {
    const startedMs = performance.now();
    const token = randomUUID();
    const exit = await runToExit(start(number, token), number, family);
    if (exit.code === misconfiguredStatus) family.misconfigured();
    else if (exit.code !== 0) {
      died.push(token);
      if (died.length > diedMax) died.shift();
      for (const child of living) tellDied(child, died);
    }
    if (isDraining()) {
      if (exit.code !== 0) log.error(`process ${String(number)} ${describeExit(exit)}`);
      return exit.killed ? 'killed' : 'drained';
    }
    delayMs = restartDelayMs(delayMs, performance.now() - startedMs);
    log.error(
      `process ${String(number)} ${describeExit(exit)}; it will be started again in ${String(delayMs / 1_000)} s`,
    );
    await pause(delayMs, drain);
  }
  return 'drained';
}

/**
 * Waits until a process has ended. Passes a drain on to it; kills it on `force`, when it is stuck, and when its drain
 * takes too long.
 */
async function runToExit(
  child: ChildProcess,
  number: number,
  family: Family,
): Promise<ProcessExit & { killed: boolean }> {
  const { log, drain, force, bounds, died, living, noteState } = family;
  let error: string | undefined;
  let missedBeats = 0;
  let killed = false;
  let drainTimer: NodeJS.Timeout | undefined;
  const kill = (reason?: string): void => {
    if (reason !== undefined && !killed) log.error(`process ${String(number)} ${reason}; it is killed`);
    killed = true;
    child.kill('SIGKILL');
  };
  const onForce = (): void => kill();
  const onDrain = (): void => {
    tellDrain(child);
    const late = `still runs ${String(bounds.drainMs / 1_000)} s after it was told to drain`;
    drainTimer = setTimeout(() => kill(late), bounds.drainMs);
  };
  child.on('message', (message) => {
    if (isAlive(message)) missedBeats = 0;
    else if (isLastWords(message)) error = message.error;
    else if (isState(message)) noteState?.(number, message.state);
  });
  const watch = setInterval(() => {
    missedBeats += 1;
    if (missedBeats <= bounds.missedBeatsMax) return;
    const silentMs = bounds.missedBeatsMax * bounds.beatIntervalMs;
    kill(`is stuck: it has given no sign of life for ${String(silentMs / 1_000)} s`);
  }, bounds.beatIntervalMs);
  drain.addEventListener('abort', onDrain);
  force.addEventListener('abort', onForce);
  living.add(child);
  tellDied(child, died);
  if (drain.aborted) onDrain();
  if (force.aborted) onForce();
  try {
    return await new Promise((resolve) => {
      child.once('error', (cause) => resolve({ code: 1, signal: null, error: cause.message, killed }));
      child.once('exit', (code, signal) => resolve({ code, signal, killed, ...(error !== undefined && { error }) }));
    });
  } finally {
    noteState?.(number, 'starting');
    living.delete(child);
    clearInterval(watch);
    clearTimeout(drainTimer);
    drain.removeEventListener('abort', onDrain);
    force.removeEventListener('abort', onForce);
  }
}

function pause(delayMs: number, drain: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done(): void {
      clearTimeout(timer);
      drain.removeEventListener('abort', done);
      resolve();
    }
    drain.addEventListener('abort', done);
    if (drain.aborted) done();
  });
}

const firstMs = 1_000;
const longestMs = 30_000;
const healthyAfterMs = 60_000;

/**
 * Returns the milliseconds to wait before a process that has died is started again: 1 s, doubled each time up to 30 s,
 * and 1 s again once it has lived for a minute.
 */
export function restartDelayMs(previousMs: number, livedMs: number): number {
  if (previousMs === 0 || livedMs >= healthyAfterMs) return firstMs;
  return Math.min(previousMs * 2, longestMs);
}
