import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from '../failure/local-stack-error.js';
import { isAlive, type ProcessRecord } from './process-identity.js';

/** How a process ended: it was not running, it ended when asked, or it had to be killed after the grace period. */
export type Ending = 'was-not-running' | 'ended' | 'killed';

/**
 * Ends the recorded process and what remains of its group: sends SIGTERM, and SIGKILL after `graceMs`. Another process
 * that has the same id by now is left alone. Throws `LocalStackError` if the process is not gone 5 s after it was
 * killed.
 */
export async function endProcess(record: ProcessRecord, graceMs: number): Promise<Ending> {
  if (!isAlive(record)) return 'was-not-running';
  send(record.pid, 'SIGTERM');
  if (await gone(record, graceMs)) {
    // The leader ended a moment ago, so as long as the group exists, its id still belongs to its children.
    send(-record.pid, 'SIGKILL');
    return 'ended';
  }
  send(-record.pid, 'SIGKILL');
  if (await gone(record, 5_000)) return 'killed';
  throw new LocalStackError('unreachable', `Process ${record.pid} cannot be ended, not even by SIGKILL`, {
    next: 'Find out what it waits for (often a disk), then try again.',
  });
}

async function gone(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const pollMs = 25;
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += pollMs) {
    if (!isAlive(record)) return true;
    await sleep(pollMs);
  }
  return !isAlive(record);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
