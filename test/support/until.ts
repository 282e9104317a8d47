import { setTimeout as wait } from 'node:timers/promises';

/**
 * Polls until the answer is yes. Fails with the name of what it waited for when that takes longer than anything should.
 */
export async function until(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  patienceMs = 120_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited ${String(patienceMs)} ms in vain: ${what}`);
    await wait(pollMs);
  }
}

const pollMs = 200;
