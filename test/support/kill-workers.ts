import { readdirSync, readFileSync } from 'node:fs';
import type { SharedStack, StackStatusDocument } from './e2e-stack.js';
import { runLonghaulJson } from './longhaul-program.js';

/** Finds the process id of the stack's worker, the parent of the processes that move. */
export async function workerPid(stack: SharedStack): Promise<number> {
  const { document } = await runLonghaulJson<StackStatusDocument>(['dev', 'status', '--state-dir', stack.stateDir]);
  const pid = document.parts.find((part) => part.name === 'workers')?.pid;
  if (typeof pid !== 'number') throw new Error('the stack has no worker');
  return pid;
}

/** Ends a worker with `kill -9`: the parent, stopped first so that it restarts nothing, and its children. */
export function killWorker(parent: number): void {
  process.kill(parent, 'SIGSTOP');
  const children = childrenOf(parent);
  for (const pid of [parent, ...children]) process.kill(pid, 'SIGKILL');
  if (children.length === 0) throw new Error('the worker had no child process to kill');
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
