import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endProcess } from '../../../src/local/processes/end-process.js';
import { isAlive, processIdentity, type ProcessRecord } from '../../../src/local/processes/process-identity.js';
import { takeStackLock } from '../../../src/local/state/stack-lock.js';
import { startProcess } from '../../../src/local/processes/start-process.js';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-processes-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts a shell script in a group of its own; resolves with its first line of output. */
async function start(script: string): Promise<ProcessRecord & { readonly line: string; readonly child: ChildProcess }> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid!, identity: processIdentity(child.pid!)!, line: line.toString().trim(), child };
}

describe('processIdentity', () => {
  test('is the same for one process at all times, and another for another process', async () => {
    const one = await start('echo; exec sleep 60');
    expect(processIdentity(one.pid)).toBe(one.identity);
    expect(isAlive(one)).toBe(true);
    expect(processIdentity(process.pid)).not.toBe(one.identity);
    expect(isAlive({ pid: process.pid, identity: one.identity })).toBe(false);
  });

  test('is none for a process that has ended', async () => {
    const { child, pid } = await start('echo');
    if (child.exitCode === null) await once(child, 'exit');
    expect(processIdentity(pid)).toBeUndefined();
  });

  test('is none for a process that has ended and that nobody has waited for', async () => {
    // `sleep` replaces the shell and never waits for the shell's child, which is killed only after that.
    const { line, pid } = await start('sleep 60 & echo $!; exec sleep 60');
    const program = (): string => execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
    await expect.poll(program, { timeout: 10_000 }).toContain('sleep');
    process.kill(Number(line), 'SIGKILL');
    await expect.poll(() => processIdentity(Number(line)), { timeout: 10_000 }).toBeUndefined();
    process.kill(Number(line), 0);
  });
});

describe('endProcess', () => {
  test('never ends a process that has only the same id', async () => {
    const other = await start('echo; exec sleep 60');
    expect(await endProcess({ pid: other.pid, identity: 'the one before' }, 1_000)).toBe('was-not-running');
    expect(isAlive(other)).toBe(true);
  });

  test('ends a process that does as it is asked, and what it leaves behind in its group', async () => {
    const leader = await start('sleep 60 & echo $!; wait');
    const child = { pid: Number(leader.line), identity: processIdentity(Number(leader.line))! };
    expect(await endProcess(leader, 10_000)).toBe('ended');
    await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false);
  });

  test('kills a process that does not, with its children', async () => {
    const leader = await start("trap '' TERM; sleep 60 & echo $!; while true; do wait; done");
    const child = { pid: Number(leader.line), identity: processIdentity(Number(leader.line))! };
    expect(await endProcess(leader, 100)).toBe('killed');
    await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false);
  });
});

describe('startProcess', () => {
  test('starts a leader of its own group, writes its output to its logs, and keeps the previous log', async () => {
    const log = join(folder, 'part.log');
    const launch = { env: { GREETING: 'hello' }, cwd: folder, outputLog: log, errorLog: join(folder, 'errors.log') };
    writeFileSync(log, 'the start before');
    const records: ProcessRecord[] = [];
    const script = 'ps -o pgid= -p $$ >&2; echo $GREETING; exec sleep 60';
    await startProcess({ ...launch, command: '/bin/sh', args: ['-c', script] }, (record) => records.push(record));
    const [record] = records as [ProcessRecord];
    await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 10_000 }).toBe('hello\n');
    expect(readFileSync(`${log}.old`, 'utf8')).toBe('the start before');
    expect(readFileSync(launch.errorLog, 'utf8').trim()).toBe(String(record.pid));
    expect(isAlive(record)).toBe(true);
    expect(await endProcess(record, 10_000)).toBe('ended');
  });

  test('says which program could not be started and why', async () => {
    const launch = { command: join(folder, 'none'), args: [], env: {}, cwd: folder };
    const logs = { outputLog: join(folder, 'log'), errorLog: join(folder, 'log') };
    const started = startProcess({ ...launch, ...logs }, () => expect.unreachable());
    await expect(started).rejects.toThrow(`${launch.command} cannot be started: spawn ${launch.command} ENOENT`);
  });
});

describe('takeStackLock', () => {
  const owner = (record: ProcessRecord): void => writeFileSync(join(folder, 'stack.lock'), JSON.stringify(record));

  test('is refused while another process holds it, which is named', async () => {
    const holder = await start('echo; exec sleep 60');
    owner({ pid: holder.pid, identity: holder.identity });
    expect(() => takeStackLock(folder)).toThrow(`is being changed by process ${holder.pid}`);
    expect(readdirSync(folder)).toEqual(['stack.lock']);
  });

  test('is taken over from a process that has ended, even if its id belongs to another by now', () => {
    owner({ pid: process.pid, identity: 'the one before' });
    const release = takeStackLock(folder);
    expect(readdirSync(folder)).toEqual(['stack.lock']);
    expect(() => takeStackLock(folder)).toThrow(`process ${process.pid}`);
    release();
    expect(existsSync(join(folder, 'stack.lock'))).toBe(false);
    takeStackLock(folder)();
  });
});
