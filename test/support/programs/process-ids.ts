/** Returns whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  return send(pid, 0);
}

/** Kills a process with `kill -9`, unless it has ended by itself. */
export function killIfAlive(pid: number): void {
  send(pid, 'SIGKILL');
}

function send(pid: number, signal: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
