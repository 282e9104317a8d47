import type { ChildProcess } from 'node:child_process';
import type { ProcessState } from '../health/process-state.js';

// The messages that a worker's parent and its processes exchange over their channel. Both are of the same build.

/** What a process sends before it ends by an error. */
export interface LastWords {
  readonly error: string;
}

interface Died {
  /** Tokens of processes that the parent has seen die. */
  readonly died: readonly string[];
}

/** What a process sends when Temporal begins or ceases to answer it. */
interface State {
  readonly state: ProcessState;
}

const alive = 'alive';
const drain = 'drain';

/** Tells a process to drain. */
export function tellDrain(child: ChildProcess): void {
  if (child.connected) child.send(drain, ignoreClosedChannel);
}

/** Tells a process which others of this worker have died. */
export function tellDied(child: ChildProcess, died: readonly string[]): void {
  if (child.connected && died.length > 0) child.send({ died } satisfies Died, ignoreClosedChannel);
}

/** Tells the parent that this process is alive. */
export function tellAlive(): void {
  if (process.connected) process.send?.(alive, undefined, undefined, ignoreClosedChannel);
}

/** Tells the parent whether this process asks Temporal for work. */
export function tellState(state: ProcessState): void {
  if (process.connected) process.send?.({ state } satisfies State, undefined, undefined, ignoreClosedChannel);
}

/** Tells the parent why this process ends; resolves once it has been sent. */
export async function tellLastWords(words: LastWords): Promise<void> {
  if (process.connected) await new Promise((resolve) => process.send?.(words, resolve));
}

/** A channel that closes meanwhile says that the other end has ended, and that is seen by `exit` and `disconnect`. */
function ignoreClosedChannel(_error: Error | null): void {
  // Without a callback, the error would be one of the process.
}

/** Reports whether the message of a process is a sign of life. */
export function isAlive(message: unknown): boolean {
  return message === alive;
}

/** Reports whether the message of a process says whether it asks Temporal for work. */
export function isState(message: unknown): message is State {
  return hasKey(message, 'state');
}

/** Reports whether the message of the parent asks for a drain. */
export function isDrain(message: unknown): boolean {
  return message === drain;
}

/** Reports whether the message of a process says why it ends. */
export function isLastWords(message: unknown): message is LastWords {
  return hasKey(message, 'error');
}

/** Reports whether the message of the parent names processes that have died. */
export function isDied(message: unknown): message is Died {
  return hasKey(message, 'died');
}

function hasKey(message: unknown, key: string): boolean {
  return typeof message === 'object' && message !== null && key in message;
}
