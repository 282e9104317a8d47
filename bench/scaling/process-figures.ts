import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { childrenOf } from '../../test/support/faults/kill-workers.js';
import { stateOf, ticksPerSecond } from '../bakeoff/measure/process-state.js';

/**
 * Returns the CPU time that groups of processes have taken so far, with their children and those that they have waited
 * for: PostgreSQL's connections come and go.
 */
export function cpuSecondsOf<Group extends string>(
  groups: Readonly<Record<Group, readonly number[]>>,
): Readonly<Record<Group, number>> {
  const entries = Object.entries<readonly number[]>(groups).map(([name, pids]) => {
    const ticks = withChildren(pids).map(ticksOf);
    return [name, sum(ticks) / ticksPerSecond];
  });
  return Object.fromEntries(entries) as Record<Group, number>;
}

/** Returns the memory of processes and their children; what they share counts once. */
export function sharedMiB(pids: readonly number[]): number {
  return sum(withChildren(pids).map(proportionalKiB)) / 1_024;
}

/** Returns the size of the database in a folder: that of the local server, or PostgreSQL's without its journal. */
export async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = paths.filter((path) => /temporal\.db|\/base\//.test(path)).map(sizeOf);
  return sum(await Promise.all(sizes));
}

function withChildren(pids: readonly number[]): readonly number[] {
  return pids.flatMap((pid) => [pid, ...childrenOf(pid)]);
}

function ticksOf(pid: number): number {
  const state = stateOf(pid);
  return state === undefined ? 0 : state.user + state.system + state.childUser + state.childSystem;
}

/** Pages that processes share count in parts for each. */
function proportionalKiB(pid: number): number {
  const path = `/proc/${String(pid)}/smaps_rollup`;
  const [, kilobytes = '0'] = /^Pss:\s+(\d+)/m.exec(existsSync(path) ? readFileSync(path, 'utf8') : '') ?? [];
  return Number(kilobytes);
}

/** PostgreSQL removes files while it works. */
async function sizeOf(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).size : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
