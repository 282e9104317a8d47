import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

/** What a worker's parent sends to its processes. */
export const drainMessage = 'drain';

/** What a process sends to its parent before it ends by an error. */
export interface LastWords {
  readonly error: string;
}

/** The processes of a worker. Aborting `drain` lets them end by themselves, aborting `force` kills them. */
export interface Supervision {
  readonly processes: number;
  /** Starts process `number`, counted from 1, with a channel for messages. */
  readonly start: (number: number) => ChildProcess;
  readonly log: Logger;
  readonly drain: AbortSignal;
  readonly force: AbortSignal;
}

/**
 * Keeps the processes of a worker running: starts one again that has died, with growing delays, and says what ended it. Gives the exit status
 * for the parent once all have drained: 0, or 1 if they had to be killed.
 */
export async function supervise(supervision: Supervision): Promise<number> {
  const numbers = Array.from({ length: supervision.processes }, (_, position) => position + 1);
  await Promise.all(numbers.map((number) => keepRunning(number, supervision)));
  return supervision.force.aborted ? 1 : 0;
}

async function keepRunning(number: number, { start, log, drain, force }: Supervision): Promise<void> {
  const isDraining = (): boolean => drain.aborted;
  let delayMs = 0;
  while (!isDraining()) {
    const startedMs = performance.now();
    const exit = await runToExit(start(number), drain, force);
    if (isDraining()) {
      if (exit.code !== 0) log.error(`process ${String(number)} ${describeExit(exit)}`);
      return;
    }
    delayMs = restartDelayMs(delayMs, performance.now() - startedMs);
    log.error(`process ${String(number)} ${describeExit(exit)}; it is started again in ${String(delayMs / 1_000)} s`);
    await pause(delayMs, drain);
  }
}

/** Waits until a process has ended; tells it to drain when `drain` is aborted, and kills it when `force` is. */
async function runToExit(child: ChildProcess, drain: AbortSignal, force: AbortSignal): Promise<ProcessExit> {
  let error: string | undefined;
  const tell = (): void => {
    if (child.connected) child.send(drainMessage);
  };
  const kill = (): void => void child.kill('SIGKILL');
  child.on('message', (message) => (error = (message as LastWords).error));
  drain.addEventListener('abort', tell);
  force.addEventListener('abort', kill);
  if (drain.aborted) tell();
  if (force.aborted) kill();
  try {
    return await new Promise<ProcessExit>((resolve) => {
      child.once('error', (cause) => resolve({ code: 1, signal: null, error: cause.message }));
      child.once('exit', (code, signal) => resolve({ code, signal, ...(error !== undefined && { error }) }));
    });
  } finally {
    drain.removeEventListener('abort', tell);
    force.removeEventListener('abort', kill);
  }
}

async function pause(delayMs: number, drain: AbortSignal): Promise<void> {
  try {
    await wait(delayMs, undefined, { signal: drain });
  } catch (error) {
    if (!drain.aborted) throw error;
  }
}

/** How a process ended: exactly one of code and signal is there, and the error where it could still say it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: string;
}

/** Says how a process ended and what that usually means. */
export function describeExit({ code, signal, error }: ProcessExit): string {
  const reason = error === undefined ? '' : `: ${error}`;
  if (signal === 'SIGKILL') return 'was killed by SIGKILL, by somebody or because the machine is short of memory';
  if (signal === 'SIGABRT') return 'aborted (SIGABRT), as Node does when its heap is full';
  if (signal !== null) return `was ended by ${signal}${reason}`;
  return `ended with exit status ${String(code)}${reason}`;
}

const firstMs = 1_000;
const longestMs = 30_000;
const healthyAfterMs = 60_000;

/**
 * Gives the milliseconds to wait before a process that has died is started again: 1 s, doubled each time up to 30 s, and from the start
 * again once it has lived for a minute.
 */
export function restartDelayMs(previousMs: number, livedMs: number): number {
  if (previousMs === 0 || livedMs >= healthyAfterMs) return firstMs;
  return Math.min(previousMs * 2, longestMs);
}
