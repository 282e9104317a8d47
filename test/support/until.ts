import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until the answer is yes; fails, naming what was waited for, when it takes longer than anything should. */
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
