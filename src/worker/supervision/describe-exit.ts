/** How a process ended: exactly one of code and signal is set, and the error if it could still report it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: string;
  /** Killed by us, for a reason that the log has. */
  readonly killed?: boolean;
}

/** Says how a process ended and what that usually means. */
export function describeExit({ code, signal, error, killed = false }: ProcessExit): string {
  const reason = error === undefined ? '' : `: ${error}`;
  if (killed) return 'has been killed';
  if (signal === 'SIGKILL') return 'was killed by SIGKILL, by somebody or because the machine ran out of memory';
  if (signal === 'SIGABRT') return 'aborted (SIGABRT), as Node does when its heap is full';
  if (signal !== null) return `was ended by ${signal}${reason}`;
  return `ended with exit status ${String(code)}${reason}`;
}
