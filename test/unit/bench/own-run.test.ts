import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { stateOf } from '../../../bench/bakeoff/measure/process-state.js';

const ownRun = resolve('bench/lib/own-run.mjs');
const started: number[] = [];
const isAlive = (pid: number): boolean => stateOf(pid)?.isZombie === false;

afterEach(() => {
  for (const pid of started.filter(isAlive)) process.kill(pid, 'SIGKILL');
});

/** Starts a program that begins a run and a process that outlives its parent, and then does `end`. */
async function runThatStarts(end: string) {
  const script = `
    import { spawn } from 'node:child_process';
    import { ownRun } from ${JSON.stringify(ownRun)};
    ownRun();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'ignore' });
    console.log(JSON.stringify({ pid: child.pid, folder: process.env.TMPDIR }));
    ${end}
  `;
  const run = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(run, 'exit');
  const [line] = (await once(createInterface(run.stdout), 'line')) as [string];
  const { pid, folder } = JSON.parse(line) as { readonly pid: number; readonly folder: string };
  started.push(pid, run.pid ?? 0);
  return { run, ended, pid, folder };
}

it.skipIf(process.platform !== 'linux')('a signal ends everything that a benchmark has started', async () => {
  const { run, ended, pid, folder } = await runThatStarts('setInterval(() => {}, 1e6);');
  expect(isAlive(pid)).toBe(true);
  run.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

it.skipIf(process.platform !== 'linux')('so does an error', async () => {
  const { ended, pid, folder } = await runThatStarts("process.nextTick(() => { throw new Error('failed'); });");
  expect(await ended).toEqual([1, null]);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});
