import type { SharedStack } from '../servers/e2e-stack.js';
import { partPid } from '../servers/stack-parts.js';
import { until } from '../until.js';
import { isAlive } from './process-ids.js';

/** Sends SIGTERM to the stack's worker, once, and waits until it has drained. */
export async function drainWorkers(stack: Pick<SharedStack, 'stateDir'>): Promise<void> {
  const pid = await partPid(stack, 'workers');
  process.kill(pid, 'SIGTERM');
  await until('the worker has drained', () => !isAlive(pid));
}
