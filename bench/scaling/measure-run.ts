import type { S3Client } from '@aws-sdk/client-s3';
import { planLayout } from '../../src/domain/layout.js';
import { runLonghaul } from '../../test/support/programs/longhaul-program.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import { countPuts, middleRate, readBucketRequests } from '../lib/in-memory/bucket-requests.js';
import { countEvents } from '../lib/in-memory/count-events.js';
import { prepareInMemory, type InMemoryWork } from '../lib/in-memory/in-memory-migration.js';
import { startInMemoryWorkers, type InMemoryWorkers } from '../lib/in-memory/in-memory-workers.js';
import { peakMiB } from '../lib/in-memory/process-memory.js';
import { bytesBelow, cpuSecondsOf, sharedMiB } from './process-figures.js';
import type { RunFigures, Workload } from './scaling-run.js';

/** Where runs are measured: a server with its database, and the store of the ledger. */
export interface Bench {
  readonly stack: SharedStack;
  readonly s3: S3Client;
  /** The processes of Temporal's server, of its database (none if it is embedded), and of the ledger's store. */
  readonly processes: Readonly<Record<'temporal' | 'database' | 'ledger', readonly number[]>>;
  /** The folder of the database. */
  readonly database: string;
  /** How many requests the store of the ledger has answered so far, if they are counted. */
  readonly ledgerRequests: () => number;
  /** What comes before the command of a worker with this number, so that it runs on a host of its own. */
  readonly onHost: (worker: number) => Promise<readonly string[]>;
}

/** Moves a migration with some worker processes, each a worker of its own. */
export async function measureRun(bench: Bench, workload: Workload & InMemoryWork): Promise<RunFigures> {
  const { name, units, blobsOfUnit, processes } = workload;
  const migration = await prepareInMemory(bench, workload);
  const { environment, requestsFolder } = migration;
  const workers = await startWorkers(bench, processes, environment);
  try {
    const pids = { ...bench.processes, workers: workers.map(({ parent }) => parent) };
    const cpuBefore = cpuSecondsOf(pids);
    const bytesBefore = await bytesBelow(bench.database);
    const requestsBefore = bench.ledgerRequests();
    const begun = performance.now();
    await succeed(['start', migration.path], environment);
    await succeed(['watch', name], environment);
    const seconds = (performance.now() - begun) / 1_000;
    const cpu = cpuSecondsOf(pids);
    const peaks = workers.flatMap((worker) => worker.pids.map(peakMiB));
    const memory = { temporal: sharedMiB(pids.temporal), database: sharedMiB(pids.database) };
    for (const worker of workers.splice(0)) await worker.drain();
    const asked = readBucketRequests(requestsFolder);
    const stored = countPuts(asked);
    if (stored !== units) throw new Error(`${name} put ${String(stored)} objects for ${String(units)} units`);
    return {
      ...{ units, blobsOfUnit, processes, slices: planLayout(units).slices },
      ...{ seconds, unitsPerSecond: middleRate(asked) },
      workerCpuSeconds: cpu.workers - cpuBefore.workers,
      temporalCpuSeconds: cpu.temporal - cpuBefore.temporal,
      databaseCpuSeconds: cpu.database - cpuBefore.database,
      ledgerCpuSeconds: cpu.ledger - cpuBefore.ledger,
      ...(await countEvents(temporalOf(environment), name)),
      ...{ unitHeads: asked.heads, ledgerRequests: bench.ledgerRequests() - requestsBefore },
      databaseBytes: (await bytesBelow(bench.database)) - bytesBefore,
      ...{ workerMiB: Math.max(...peaks), temporalMiB: memory.temporal, databaseMiB: memory.database },
    };
  } finally {
    for (const worker of workers) await worker.drain();
  }
}

/** Starts workers with one process each, and resolves when all of them serve the task queue. */
async function startWorkers(
  bench: Bench,
  count: number,
  environment: Readonly<Record<string, string>>,
): Promise<InMemoryWorkers[]> {
  const numbers = Array.from({ length: count }, (_unused, index) => index + 1);
  const hosts: (readonly string[])[] = [];
  for (const number of numbers) hosts.push(await bench.onHost(number));
  return Promise.all(hosts.map((onHost) => startInMemoryWorkers({ processes: 1, environment, onHost })));
}

async function succeed(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  const { exitCode, stdout, stderr } = await runLonghaul(args, environment);
  if (exitCode !== 0)
    throw new Error(`longhaul ${args.join(' ')} ended with ${String(exitCode)}:\n${stdout.slice(-2_000)}\n${stderr}`);
}

function temporalOf(environment: Readonly<Record<string, string>>) {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = 'default' } = environment;
  return { address, namespace };
}
