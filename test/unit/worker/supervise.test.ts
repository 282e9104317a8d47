import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeExit } from '../../../src/worker/supervision/describe-exit.js';
import {
  restartDelayMs,
  supervise,
  supervisionBounds,
  type Supervision,
} from '../../../src/worker/supervision/supervise.js';

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
    ['exit', 'process 1 ended with exit status 7; it will be started again in 1 s'],
    ['error', 'process 1 ended with exit status 1: no such namespace; it will be started again in 1 s'],
    ['kill', 'process 1 was killed by SIGKILL, by somebody or because the machine ran out of memory'],
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

/** A process that does nothing by itself; SIGKILL ends it. */
class FakeProcess extends EventEmitter {
  readonly connected = true;
  readonly told: unknown[] = [];
  readonly kills: string[] = [];

  send(message: unknown): void {
    // As it was when it was sent.
    this.told.push(structuredClone(message));
  }

  kill(signal: string): void {
    this.kills.push(signal);
    this.emit('exit', null, signal);
  }
}

describe('the parent of a worker, by the clock', () => {
  const { beatIntervalMs, missedBeatsMax, drainMs } = supervisionBounds;
  let started: { readonly child: FakeProcess; readonly token: string }[];
  let drain: AbortController;
  let log: string;
  beforeEach(() => {
    vi.useFakeTimers();
    started = [];
    drain = new AbortController();
    log = '';
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const begin = (processes = 1, noteState?: Supervision['noteState']): Promise<number> =>
    supervise({
      ...(noteState !== undefined && { noteState }),
      processes,
      start: (_number, token) => {
        const child = new FakeProcess();
        started.push({ child, token });
        return child as unknown as ChildProcess;
      },
      log: pino({}, { write: (line: string) => void (log += line) }),
      drain: drain.signal,
      force: new AbortController().signal,
    });
  const processAt = (index: number): FakeProcess => {
    const { child } = started[index] ?? {};
    if (child === undefined) throw new Error(`process ${String(index)} was never started`);
    return child;
  };

  test('kills a process whose event loop is stuck, and starts another', async () => {
    const status = begin();
    await vi.advanceTimersByTimeAsync(missedBeatsMax * beatIntervalMs);
    expect(processAt(0).kills).toEqual([]);
    await vi.advanceTimersByTimeAsync(beatIntervalMs);
    expect(processAt(0).kills).toEqual(['SIGKILL']);
    expect(log).toContain('process 1 is stuck: it has given no sign of life for 180 s; it is killed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(started).toHaveLength(2);
    drain.abort();
    processAt(1).emit('exit', 0, null);
    expect(await status).toBe(0);
  });

  test('leaves a process alone that gives a sign of life now and then', async () => {
    const status = begin();
    for (let round = 0; round < 5; round += 1) {
      await vi.advanceTimersByTimeAsync(missedBeatsMax * beatIntervalMs);
      processAt(0).emit('message', 'alive');
    }
    expect(processAt(0).kills).toEqual([]);
    drain.abort();
    processAt(0).emit('exit', 0, null);
    expect(await status).toBe(0);
  });

  test('kills a process that still runs after the drain and its grace, and says so with its status', async () => {
    const status = begin();
    drain.abort();
    expect(processAt(0).told).toEqual(['drain']);
    await vi.advanceTimersByTimeAsync(drainMs - 1);
    expect(processAt(0).kills).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(processAt(0).kills).toEqual(['SIGKILL']);
    expect(log).toContain('process 1 still runs 75 s after it was told to drain; it is killed');
    expect(await status).toBe(1);
  });

  test('ends with status 2, and starts nothing again, when a process finds the configuration wrong', async () => {
    const status = begin(2);
    processAt(0).emit('exit', 2, null);
    await vi.advanceTimersByTimeAsync(0);
    expect(processAt(1).told).toEqual(['drain']);
    processAt(1).emit('exit', 0, null);
    expect(await status).toBe(2);
    expect(started).toHaveLength(2);
  });

  test('notes what a process says of itself, and that the next one has said nothing yet', async () => {
    const noted: unknown[] = [];
    const status = begin(1, (number, state) => noted.push([number, state]));
    processAt(0).emit('message', { state: 'polling' });
    processAt(0).emit('exit', 1, null);
    await vi.advanceTimersByTimeAsync(1_000);
    processAt(1).emit('message', { state: 'polling' });
    expect(noted).toEqual([
      [1, 'polling'],
      [1, 'starting'],
      [1, 'polling'],
    ]);
    drain.abort();
    processAt(1).emit('exit', 0, null);
    expect(await status).toBe(0);
  });

  test('tells its processes, and those started later, which of them it has seen die', async () => {
    const status = begin(2);
    const [first] = started;
    processAt(0).emit('exit', null, 'SIGKILL');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(processAt(1).told).toEqual([{ died: [first?.token] }]);
    expect(processAt(2).told).toEqual([{ died: [first?.token] }]);
    drain.abort();
    for (const index of [1, 2]) processAt(index).emit('exit', 0, null);
    expect(await status).toBe(0);
  });
});

test('a process that dies again and again waits longer each time, until it has lived for a minute', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6].reduce<number[]>((all) => [...all, restartDelayMs(all.at(-1) ?? 0, 500)], []);
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(restartDelayMs(30_000, 60_000)).toBe(1_000);
});

test('an exit is described in words', () => {
  expect(describeExit({ code: null, signal: 'SIGABRT' })).toBe('aborted (SIGABRT), as Node does when its heap is full');
  expect(describeExit({ code: null, signal: 'SIGTERM' })).toBe('was ended by SIGTERM');
});
