import { mkdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { startBzip2Compressor } from '../../src/local/demo-data/bzip2-compressor.js';
import { planLayout } from '../../src/domain/layout.js';
import { azureService } from '../../test/support/migrations/generated-migration.js';
import { runLonghaul, startLonghaul } from '../../test/support/programs/longhaul-program.js';
import { childrenOf } from '../../test/support/faults/kill-workers.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import type { RunFigures, Workload } from './scaling-run.js';
import { unitNumber } from './stand-ins/slow-account.mjs';

/** Where runs are measured: a server with its database, and the store of the ledger. */
export interface Bench {
  readonly stack: SharedStack;
  readonly s3: S3Client;
  /** The processes of Temporal's server, of its database (none if it is embedded), and of the ledger's store. */
  readonly processes: Readonly<Record<'temporal' | 'database' | 'ledger', readonly number[]>>;
  /** The folder of the database. */
  readonly database: string;
  /** Returns what to put before the command of the worker with this number, so that it runs on a host of its own. */
  readonly onHost: (worker: number) => Promise<readonly string[]>;
}

/** Moves a migration with some worker processes, for which in-memory stores answer after `latencyMs`. */
export async function measureRun(
  bench: Bench,
  workload: Workload & { readonly name: string; readonly latencyMs: number; readonly unitsInFlight: number },
): Promise<RunFigures> {
  const { name, units } = workload;
  const { environment, migrationPath } = await prepare(bench, workload);
  const workers = await startWorkers(bench, workload.processes, environment);
  try {
    const pids = { ...bench.processes, workers: workers.map(({ pid }) => pid ?? 0) };
    const cpuBefore = await cpuOf(pids);
    const bytesBefore = await bytesBelow(bench.database);
    const begun = performance.now();
    const started = await runLonghaul(['start', migrationPath], environment);
    if (started.exitCode !== 0) throw new Error(`start ended with ${String(started.exitCode)}:\n${started.stderr}`);
    const moments = await follow(name, environment);
    const seconds = (performance.now() - begun) / 1_000;
    const last = moments.at(-1);
    if (last?.done !== units) throw new Error(`${name} ended with ${JSON.stringify(last)}`);
    const cpu = await cpuOf(pids);
    const [workerMiB = 0] = pids.workers.flatMap(childrenOf).map(residentMiB);
    return {
      ...{ units, blobsOfUnit: workload.blobsOfUnit, processes: workload.processes },
      ...{ slices: planLayout(units).slices, seconds, unitsPerSecond: middleRate(moments, units) ?? units / seconds },
      workerCpuSeconds: cpu.workers - cpuBefore.workers,
      temporalCpuSeconds: cpu.temporal - cpuBefore.temporal,
      databaseCpuSeconds: cpu.database - cpuBefore.database,
      ledgerCpuSeconds: cpu.ledger - cpuBefore.ledger,
      ...(await countEvents(environment)),
      ...{ databaseBytes: (await bytesBelow(bench.database)) - bytesBefore, workerMiB },
    };
  } finally {
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers);
  }
}

interface Moment {
  readonly atMs: number;
  readonly done: number;
}

async function follow(name: string, environment: Readonly<Record<string, string>>): Promise<readonly Moment[]> {
  const watch = startLonghaul(['watch', name, '--json'], environment);
  const moments: Moment[] = [];
  let last = '';
  for await (const line of createInterface({ input: watch.stdout })) {
    last = line;
    const { units } = JSON.parse(line) as { readonly units: { readonly done: number } };
    moments.push({ atMs: performance.now(), done: units.done });
  }
  const { exitCode, stderr } = await watch;
  if (exitCode !== 0) throw new Error(`watch ended with ${String(exitCode)}: ${last}\n${stderr}`);
  return moments;
}

/** Returns the rate while the migration neither begins nor ends, or undefined if it was too short for one. */
function middleRate(moments: readonly Moment[], units: number): number | undefined {
  const middle = moments.filter(({ done }) => done >= units * 0.1 && done <= units * 0.9);
  const [first, last] = [middle[0], middle.at(-1)];
  if (first === undefined || last === undefined || last.atMs === first.atMs) return undefined;
  return ((last.done - first.done) / (last.atMs - first.atMs)) * 1_000;
}

async function prepare(
  { stack, s3 }: Pick<Bench, 'stack' | 's3'>,
  workload: Parameters<typeof measureRun>[1],
): Promise<{ readonly environment: Readonly<Record<string, string>>; readonly migrationPath: string }> {
  const { name, units, blobsOfUnit, latencyMs, unitsInFlight } = workload;
  const account = azureService(stack, 'prodeast');
  await account.getContainerClient(name).createIfNotExists();
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const directory = join(stack.stateDir, name);
  mkdirSync(directory);
  const blob = join(directory, 'data.bz2');
  const compressor = startBzip2Compressor({ python: 'python3', processes: 1 });
  await writeFile(blob, await compressor.compress([Buffer.from('{"at":"2020-01-01T00:00:00Z","amount":42}\n')]));
  compressor.close();
  const lines = Array.from({ length: units }, (_unused, index) => unitNumber(index));
  await writeFile(join(directory, 'units.csv'), ['number', ...lines, ''].join('\n'));
  const migrationPath = join(directory, 'migration.yaml');
  const { AWS_REGION: region = '' } = stack.environment;
  await writeFile(
    migrationPath,
    `version: 1
name: ${name}
units: { from: units.csv, id: '{{ number }}' }
accounts:
  east: { endpoint: '${account.url}', credential: prodeast-key }
find:
  - { account: east, container: ${name}, prefix: '{{ number }}/' }
target:
  { bucket: ${name}, key: 'units/{{ number }}.gz', region: ${region}, forcePathStyle: true,
    endpoint: '${stack.s3Endpoint}' }
speed: { unitsInFlight: ${String(unitsInFlight)} }
`,
  );
  return {
    migrationPath,
    environment: {
      ...stack.environment,
      ...{ LONGHAUL_TASK_QUEUE: name, LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1' },
      ...{ SCALING_UNITS: String(units), SCALING_BLOBS: String(blobsOfUnit), SCALING_BLOB: blob },
      ...{ SCALING_LATENCY: String(latencyMs) },
    },
  };
}

const lastWordsMax = 4_000;

/** Starts workers with one process each, and resolves when all of them serve the task queue. */
async function startWorkers(bench: Bench, count: number, environment: Readonly<Record<string, string>>) {
  const standIns = pathToFileURL(join(import.meta.dirname, 'stand-ins/register.mjs')).href;
  const started = [];
  for (let number = 1; number <= count; number += 1) {
    const [command = '', ...args] = [
      ...(await bench.onHost(number)),
      ...[process.execPath, 'dist/worker.js', '--processes', '1'],
    ];
    const worker = execa(command, args, {
      env: { ...environment, LONGHAUL_LOG: 'json', NODE_OPTIONS: `--import=${standIns}` },
      ...{ reject: false, stdin: 'ignore', stdout: 'ignore', buffer: false },
    });
    const ready = new Promise<void>((resolve, reject) => {
      let lastWords = '';
      worker.stderr.on('data', (log: Buffer) => {
        lastWords = (lastWords + log.toString()).slice(-lastWordsMax);
        if (log.includes('"ready: ')) resolve();
      });
      worker.on('exit', () => reject(new Error(`a worker has ended:\n${lastWords}`)));
    });
    started.push({ worker, ready });
  }
  await Promise.all(started.map(({ ready }) => ready));
  return started.map(({ worker }) => worker);
}

type Groups = Readonly<Record<string, readonly number[]>>;

/** The CPU time that processes and their children have taken so far. */
async function cpuOf<Group extends Groups>(groups: Group): Promise<Readonly<Record<keyof Group, number>>> {
  const entries = Object.entries(groups).map(async ([name, pids]) => {
    const all = pids.flatMap((pid) => [pid, ...childrenOf(pid)]);
    const seconds = await Promise.all(all.map(cpuSeconds));
    return [name, seconds.reduce((total, each) => total + each, 0)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<keyof Group, number>;
}

// Linux reports in this unit, whatever the kernel's clock rate.
const ticksPerSecond = 100;

/** The CPU time of a process and of the children it has waited for: PostgreSQL's connections come and go. */
async function cpuSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (
    fields
      .slice(11, 15)
      .map(Number)
      .reduce((total, each) => total + each, 0) / ticksPerSecond
  );
}

function residentMiB(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && /temporal\.db|base\//.test(`${entry.parentPath}/${entry.name}`),
  );
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((total, size) => total + size, 0);
}

/** Counts the runs of the migration's workflows and the events of their histories. */
async function countEvents(environment: Readonly<Record<string, string>>) {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '' } = environment;
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    let [workflows, events] = [0, 0];
    const query = `TaskQueue = "${environment['LONGHAUL_TASK_QUEUE'] ?? ''}"`;
    for await (const { historyLength } of workflow.list({ query })) {
      workflows += 1;
      events += historyLength;
    }
    return { workflows, events };
  } finally {
    await connection.close();
  }
}
