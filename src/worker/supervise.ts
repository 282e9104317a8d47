import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { describeExit, type ProcessExit } from './describe-exit.js';
import { restartDelayMs } from './restart-delay.js';

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
