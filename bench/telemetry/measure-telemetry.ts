import { randomBytes } from 'node:crypto';
import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { StageClock } from '../../src/flow/stage-clock.js';
import { createProcessResources } from '../../src/flow/process-resources.js';
import { moveSlice } from '../../src/pipeline/slice/move-slice.js';
import type { SliceJob } from '../../src/pipeline/slice/slice-job.js';
import { countedSource, countedTarget } from '../../src/telemetry/metrics/counted-stores.js';
import { measureProcess } from '../../src/telemetry/metrics/measure-process.js';
import { watchedMoveSlice } from '../../src/telemetry/watched-move-slice.js';
import { installRuntime } from '../../src/worker/install-runtime.js';
import { MemoryMigration, smallDefinition } from '../../test/support/fakes/memory-migration.js';

const blobsPerUnit = 10;
const blobBytes = 10_000;
const kinds = ['without', 'with stage clocks', 'with stage clocks and metrics'] as const;

/**
 * Moves slices whose stores are in memory, so that nothing hides what is measured: on a network a blob costs several
 * times as much, plus the same addition.
 */
export async function measureTelemetry({
  units,
  rounds,
}: {
  readonly units: number;
  readonly rounds: number;
}): Promise<readonly (readonly string[])[]> {
  const log = pino({ level: 'silent' });
  const meter = installRuntime({ log, metricsAddress: '127.0.0.1:0', processNumber: 1 });
  if (meter === undefined) throw new Error('no metrics are served');
  const resources = createProcessResources({ unitsInFlight: 16 });
  const onProblem = (error: unknown): never => {
    throw error;
  };
  const metrics = measureProcess({ meter, version: '0', process: resources, speedLimits: () => [], onProblem });
  const watched = watchedMoveSlice(moveSlice, [metrics.watchSlice], onProblem);
  const spent: Record<(typeof kinds)[number], number[]> = {
    ...{ without: [], 'with stage clocks': [], 'with stage clocks and metrics': [] },
  };
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of kinds) {
      const job = jobOf(units, resources);
      const { source, target } = job.resources;
      const counted = {
        ...job.resources,
        source: countedSource(source, metrics.requests),
        target: countedTarget(target, metrics.requests),
      };
      const before = process.cpuUsage();
      if (kind === 'without') await withoutClocks(() => moveSlice(job));
      else if (kind === 'with stage clocks') await moveSlice(job);
      else await watched({ ...job, resources: counted });
      const { user, system } = process.cpuUsage(before);
      if (round > 0) spent[kind].push((user + system) / 1_000 / (units * blobsPerUnit));
    }
  metrics.stop();
  // The runtime keeps the process alive.
  await Runtime.instance().shutdown();
  const [first] = kinds.map((kind) => median(spent[kind]));
  return kinds.map((kind) => {
    const ms = median(spent[kind]);
    return [kind, ms.toFixed(3), (ms / (first ?? ms)).toFixed(3)];
  });
}

function jobOf(units: number, process: SliceJob['process']): SliceJob {
  const definition = smallDefinition({ transform: { level: 'fast' } });
  const migration = new MemoryMigration({ units, definition });
  const body = randomBytes(blobBytes);
  for (let unit = 0; unit < units; unit += 1)
    for (let blob = 0; blob < blobsPerUnit; blob += 1) migration.addBlob(unit, `part-${String(blob)}`, body);
  const { task, resources } = migration;
  return {
    task,
    resources,
    process,
    signal: new AbortController().signal,
    beat: () => {},
    buildInfo: 'longhaul bench',
  };
}

/** Makes every stage clock do nothing meanwhile. */
async function withoutClocks<T>(work: () => Promise<T>): Promise<T> {
  const { during, pull } = StageClock.prototype;
  Object.assign(StageClock.prototype, {
    during: (_stage: unknown, promise: unknown) => promise,
    pull: (_stage: unknown, items: unknown) => items,
  });
  try {
    return await work();
  } finally {
    Object.assign(StageClock.prototype, { during, pull });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
