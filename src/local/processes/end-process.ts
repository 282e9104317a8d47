import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from '../failure/local-stack-error.js';
import { isAlive, type ProcessRecord } from './process-identity.js';

/** How a process was ended: it had ended before, it ended when asked, or it had to be killed after the grace. */
export type Ending = 'was-not-running' | 'ended' | 'killed';

/**
 * Ends the very process of the record, and what remains of its group: asks with SIGTERM, kills after `graceMs`. A process that merely
 * got the same id is left alone. Throws `LocalStackError` where it is not gone 5 s after being killed.
 */
export async function endProcess(record: ProcessRecord, graceMs: number): Promise<Ending> {
  if (!isAlive(record)) return 'was-not-running';
  send(record.pid, 'SIGTERM');
  if (await gone(record, graceMs)) {
    // The leader ended a moment ago, so the group's id, as long as the group exists, is still that of its children.
    send(-record.pid, 'SIGKILL');
    return 'ended';
  }
  send(-record.pid, 'SIGKILL');
  if (await gone(record, 5_000)) return 'killed';
  throw new LocalStackError('unreachable', `Process ${record.pid} cannot be ended, not even by SIGKILL`, {
    next: 'See what it waits for (often a disk), then try again.',
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
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
