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
