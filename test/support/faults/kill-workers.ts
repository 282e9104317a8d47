import { readdirSync, readFileSync } from 'node:fs';
import type { SharedStack } from '../servers/e2e-stack.js';
import { partPid } from '../servers/stack-parts.js';

/** Returns the process id of the stack's worker: the parent of the processes that move data. */
export function workerPid(stack: SharedStack): Promise<number> {
  return partPid(stack, 'workers');
}

/** Kills a worker with `kill -9`: its parent, which is stopped first so that it restarts nothing, and its processes. */
export function killWorker(parent: number): void {
  for (const pid of stopWorker(parent)) process.kill(pid, 'SIGKILL');
}

/** Kills the processes of a worker with `kill -9`, but not their parent, which restarts them. */
export function killWorkerProcesses(parent: number): void {
  for (const pid of childrenOf(parent)) process.kill(pid, 'SIGKILL');
}

/**
 * Stops a worker with `SIGSTOP`, its parent first, so that it restarts nothing. Returns the ids of all its processes,
 * parent first.
 */
export function stopWorker(parent: number): readonly number[] {
  process.kill(parent, 'SIGSTOP');
  const children = childrenOf(parent);
  if (children.length === 0) throw new Error('the worker has no child process');
  for (const pid of children) process.kill(pid, 'SIGSTOP');
  return [parent, ...children];
}

/** Returns the CPU time that all processes of the stack's worker have taken. */
export async function workerCpuSeconds(stack: SharedStack): Promise<number> {
  const parent = await workerPid(stack);
  const ticks = [parent, ...childrenOf(parent)].map((pid) => {
    const [user = 0, system = 0] = statOf(pid)?.slice(11, 13).map(Number) ?? [];
    return user + system;
  });
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

// Linux reports in this unit, whatever the kernel's clock rate.
const ticksPerSecond = 100;

/** Returns the ids of the processes whose parent has this id. */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number {
  return Number(statOf(pid)?.[1]);
}

/** Returns the fields after the program's name, the state being the first, or undefined if the process has ended. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
