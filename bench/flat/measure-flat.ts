import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { silenceSdkAnnouncement } from '../../src/env.js';
import { runLonghaul, startLonghaul } from '../../test/support/programs/longhaul-program.js';
import { partPid } from '../../test/support/servers/stack-parts.js';
import { startStack } from '../../test/support/servers/start-stack.js';
import { groupVariable, ProcessGroup, sampling } from '../bakeoff/measure/process-group.js';
import type { PartFigures } from '../bakeoff/measure/process-parts.js';
import { countEvents, type HistoryCounts } from '../lib/in-memory/count-events.js';
import { startInMemoryWorkers } from '../lib/in-memory/in-memory-workers.js';
import { residentMiB } from '../lib/in-memory/process-memory.js';
import { countPuts, readBucketRequests } from '../lib/in-memory/bucket-requests.js';
import { disturbances, environmentOf, type Disturbance, type Field } from './disturbances.js';
import { prepareFlat } from './flat-migration.js';

const sampleShare = 0.1;
const miB = 2 ** 20;
// How long a unit of the bake-off, ten blobs of 10 KB, takes; `npm run bench -- hot-path` measures it.
const usualUnitMs = 26;

/** Rows of two tables. */
export interface FlatFigures {
  readonly samples: readonly (readonly string[])[];
  readonly figures: readonly (readonly string[])[];
}

/** What to measure. */
export interface FlatOptions {
  readonly units: number;
  readonly processes: number;
  /** Without an upgrade, a move and a rotation in the middle. */
  readonly calm: boolean;
  readonly tell: (line: string) => void;
}

/**
 * Runs a migration of many small units on a local stack of its own. Source and target are in the memory of the workers;
 * Temporal, the ledger and everything else of Longhaul are real.
 */
export async function measureFlat({ units, processes, calm, tell }: FlatOptions): Promise<FlatFigures> {
  silenceSdkAnnouncement();
  const group = new ProcessGroup('flat');
  // The servers take their environment from that of this process.
  process.env[groupVariable] = group.name;
  const first = await startStack();
  const started = [first];
  try {
    const migration = await prepareFlat(first.stack, units);
    const field: Field = {
      ...{ migration, processes, stores: first.stack, temporal: first.stack, started },
      ...{ build: resolve('.'), workers: await startInMemoryWorkers({ processes, ...migration }) },
    };
    const staging = performance.now();
    await succeed(['start', migration.path], field);
    const startSeconds = (performance.now() - staging) / 1_000;
    tell(`staged and started in ${startSeconds.toFixed(1)} s`);
    const begun = performance.now();
    const samples = await sampling(group, () => follow(field, units, calm ? [] : disturbances, tell));
    const minutes = (performance.now() - begun) / 60_000;
    const counts = await Promise.all(started.map(({ stack }) => countsOf(stack.environment, migration.name)));
    await field.workers.drain();
    const parts = (group.figures().parts ?? []).filter(({ name }) =>
      /^worker|^the workers|Temporal|longhaul/.test(name),
    );
    const cpu = parts.map(({ name, userSeconds, systemSeconds }): [string, string] => [
      `CPU of ${name}, ms a unit`,
      (((userSeconds + systemSeconds) / units) * 1e3).toFixed(3),
    ]);
    return {
      samples,
      figures: [
        ['units', String(units)],
        [
          'objects that were put more than once',
          String(countPuts(readBucketRequests(migration.requestsFolder)) - units),
        ],
        ['seconds to stage and start', startSeconds.toFixed(1)],
        ['minutes to move', minutes.toFixed(1)],
        ...cpu,
        ...shareOfUsualUnit(parts, units),
        ...historyRows(counts, units),
        [
          'databases, bytes a unit',
          (sum(started.map(({ stack }) => databaseBytes(stack.stateDir))) / units).toFixed(0),
        ],
      ],
    };
  } finally {
    for (const { end } of started.toReversed()) await end();
  }
}

/** Watches the migration to its end, takes samples and plays what is due. */
async function follow(
  field: Field,
  units: number,
  due: readonly Disturbance[],
  tell: (line: string) => void,
): Promise<readonly (readonly string[])[]> {
  const begun = performance.now();
  const samples: (readonly string[])[] = [];
  let nextSample = units * sampleShare;
  let [next, ...later] = due;
  let temporal = await partPid(field.temporal, 'temporal');
  for (;;) {
    const watch = startLonghaul(['watch', field.migration.name, '--json'], environmentOf(field));
    let last = '';
    let movedServer = false;
    for await (const line of createInterface({ input: watch.stdout })) {
      last = line;
      const { done, failed } = unitsOf(line);
      if (failed > 0) {
        watch.kill();
        throw new Error(`units have failed: ${line}`);
      }
      if (done >= nextSample) {
        const memory = [watch.pid, temporal].map(residentMiB);
        const workers = field.workers.pids.map(residentMiB).join(', ');
        const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
        const bytes = databaseBytes(field.temporal.stateDir);
        const row = [String(done), minutes, workers, ...memory, (bytes / miB).toFixed(0)];
        samples.push(row);
        tell(row.join(' | '));
        nextSample = done + units * sampleShare;
      }
      if (next !== undefined && done >= units * next.at && done < units) {
        tell(`${next.what} …`);
        ({ movedServer } = await next.play(field));
        [next, ...later] = later;
        if (movedServer) break;
      }
    }
    if (movedServer) {
      watch.kill();
      await watch;
      temporal = await partPid(field.temporal, 'temporal');
      continue;
    }
    const { exitCode } = await watch;
    const { done, failed } = unitsOf(last);
    if (exitCode !== 0 || done !== units || failed !== 0)
      throw new Error(`watch ended with ${String(exitCode)}: ${last}`);
    if (next !== undefined) throw new Error(`all was done before ${next.what}; take more units`);
    return samples;
  }
}

async function succeed(args: readonly string[], field: Field): Promise<void> {
  const { exitCode, stderr } = await runLonghaul(args, environmentOf(field));
  if (exitCode !== 0) throw new Error(`longhaul ${args.join(' ')} ended with ${String(exitCode)}:\n${stderr}`);
}

/** Reads a line of `watch --json`. */
export function unitsOf(line: string): { readonly done: number; readonly failed: number } {
  const { units } = JSON.parse(line) as { readonly units: { readonly done: number; readonly failed: number } };
  return units;
}

function countsOf(environment: Readonly<Record<string, string>>, taskQueue: string): Promise<HistoryCounts> {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = 'default' } = environment;
  return countEvents({ address, namespace }, taskQueue);
}

function historyRows(counts: readonly HistoryCounts[], units: number): readonly (readonly string[])[] {
  const [workflows, events, actions] = [
    sum(counts.map((each) => each.workflows)),
    sum(counts.map((each) => each.events)),
    sum(counts.map((each) => each.actions)),
  ];
  return [
    ['workflow runs', String(workflows)],
    ['history events a thousand units', ((events / units) * 1e3).toFixed(1)],
    ['actions a thousand units, without heartbeats', ((actions / units) * 1e3).toFixed(1)],
  ];
}

/** Everything that a unit takes here, including moving one small blob, beside a unit of the bake-off. */
function shareOfUsualUnit(parts: readonly PartFigures[], units: number): readonly (readonly string[])[] {
  const seconds = sum(parts.map(({ userSeconds, systemSeconds }) => userSeconds + systemSeconds));
  const share = (seconds * 1e3) / units / usualUnitMs;
  return [[`all of it beside a unit of ten blobs (${String(usualUnitMs)} ms)`, `${(share * 100).toFixed(1)} %`]];
}

/** Returns the size of the server's database, including its journal. */
function databaseBytes(stateDir: string): number {
  const paths = ['temporal.db', 'temporal.db-wal'].map((file) => join(stateDir, file));
  return sum(paths.filter((path) => existsSync(path)).map((path) => statSync(path).size));
}

function sum(values: readonly number[]): number {
  return values.reduce((before, value) => before + value, 0);
}
