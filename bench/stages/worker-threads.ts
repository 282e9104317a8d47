import { readdirSync, readFileSync } from 'node:fs';
import { partOf } from '../bakeoff/measure/process-parts.js';
import type { ProcessGroup } from '../bakeoff/measure/process-group.js';
import { commandOf, ticksPerSecond } from '../bakeoff/measure/process-state.js';

/** Returns the CPU time in seconds of the running worker processes of a group, by what their threads do. */
export function workerThreads(group: ProcessGroup): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  group.sample();
  for (const pid of group.pids()) {
    if (partOf(commandOf(pid)) !== 'worker processes') continue;
    for (const [kind, taken] of threadsOf(pid)) seconds.set(kind, (seconds.get(kind) ?? 0) + taken);
  }
  return seconds;
}

/** Node 20 names few of its threads: the first is the main one, and V8's come before those that we start. */
function threadsOf(pid: number): readonly (readonly [kind: string, seconds: number])[] {
  const folder = `/proc/${String(pid)}/task`;
  const ids = readdirSync(folder)
    .map(Number)
    .sort((a, b) => a - b);
  return ids.map((id, at) => {
    const stat = readFileSync(`${folder}/${String(id)}/stat`, 'latin1');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [kindOf(name, at), (Number(fields[11]) + Number(fields[12])) / ticksPerSecond] as const;
  });
}

function kindOf(name: string, at: number): string {
  if (at === 0) return 'main thread';
  if (/tokio/.test(name)) return "Temporal's core";
  // The scheduler of delayed tasks and four helpers are started first; see `node --v8-pool-size`.
  return at <= v8Threads ? 'V8: garbage collection, compilation' : 'others: workflows, pool of libuv';
}

const v8Threads = 5;
