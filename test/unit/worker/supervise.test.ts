import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { describeExit, restartDelayMs, supervise } from '../../../src/worker/supervise.js';

const program = resolve(import.meta.dirname, 'fixtures/process.mjs');

/** Supervises one process that ends as told, then one that lives; drains once the second has started. */
async function restart(how: string): Promise<{ status: number; log: string }> {
  const drain = new AbortController();
  let log = '';
  const started: ChildProcess[] = [];
  const status = await supervise({
    processes: 1,
    start: () => {
      const child = fork(program, [started.length === 0 ? how : 'live']);
      started.push(child);
      if (started.length === 2) child.once('spawn', () => drain.abort());
      return child;
    },
    log: pino({}, { write: (line: string) => void (log += line) }),
    drain: drain.signal,
    force: new AbortController().signal,
  });
  return { status, log };
}

describe('the parent of a worker', () => {
  test.each([
    ['exit', 'process 1 ended with exit status 7; it is started again in 1 s'],
    ['error', 'process 1 ended with exit status 1: no such namespace; it is started again in 1 s'],
    ['kill', 'process 1 was killed by SIGKILL, by somebody or because the machine is short of memory'],
  ])('starts a process again that ended by %s, says why, and drains', async (how, line) => {
    const { status, log } = await restart(how);
    expect(log).toContain(line);
    expect(status).toBe(0);
  });

  test('kills processes that do not drain when told so a second time', async () => {
    const drain = new AbortController();
    const force = new AbortController();
    const status = await supervise({
      processes: 2,
      start: () => {
        const child = fork(program, ['stubborn']);
        child.once('spawn', () => drain.abort());
        // It has heard of the first.
        child.once('message', () => force.abort());
        return child;
      },
      log: pino({ enabled: false }),
      drain: drain.signal,
      force: force.signal,
    });
    expect(status).toBe(1);
  });
});

test('a process that dies again and again waits longer each time, until it has lived for a minute', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6].reduce<number[]>((all) => [...all, restartDelayMs(all.at(-1) ?? 0, 500)], []);
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(restartDelayMs(30_000, 60_000)).toBe(1_000);
});

test('an exit is told in words', () => {
  expect(describeExit({ code: null, signal: 'SIGABRT' })).toBe('aborted (SIGABRT), as Node does when its heap is full');
  expect(describeExit({ code: null, signal: 'SIGTERM' })).toBe('was ended by SIGTERM');
});
