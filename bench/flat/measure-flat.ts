import { createWriteStream, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, Connection } from '@temporalio/client';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { startBzip2Compressor } from '../../src/local/demo-data/bzip2-compressor.js';
import { azureService, s3Client } from '../../test/support/migrations/generated-migration.js';
import { runLonghaul, startLonghaul } from '../../test/support/programs/longhaul-program.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import { partPid } from '../../test/support/servers/stack-parts.js';
import { startStack } from '../../test/support/servers/start-stack.js';

const name = 'flat';
const sampleShare = 0.1;
const miB = 2 ** 20;

/** Rows of two tables. */
export interface FlatFigures {
  readonly samples: readonly (readonly string[])[];
  readonly figures: readonly (readonly string[])[];
}

/**
 * Runs a migration of many small units on a local stack of its own. Source and target are in the memory of the workers;
 * Temporal, the ledger and everything else of Longhaul are real.
 */
export async function measureFlat({
  units,
  processes,
  tell,
}: {
  readonly units: number;
  readonly processes: number;
  readonly tell: (line: string) => void;
}): Promise<FlatFigures> {
  const { stack, end } = await startStack();
  const environment = await prepare(stack, units);
  const startedWorkers = Array.from({ length: processes }, () => startWorker(environment));
  const workers = startedWorkers.map(({ worker }) => worker);
  try {
    await Promise.all(startedWorkers.map(({ ready }) => ready));
    const staging = performance.now();
    const started = await runLonghaul(['start', join(stack.stateDir, name, 'migration.yaml')], environment);
    if (started.exitCode !== 0) throw new Error(`start ended with ${String(started.exitCode)}:\n${started.stderr}`);
    const startSeconds = (performance.now() - staging) / 1_000;
    tell(`staged and started in ${startSeconds.toFixed(1)} s`);

    const temporal = await partPid(stack, 'temporal');
    const watch = startLonghaul(['watch', name, '--json'], environment);
    const begun = performance.now();
    const samples: string[][] = [];
    const take = (done: number): void => {
      const minutes = (performance.now() - begun) / 60_000;
      const row = [
        String(done),
        minutes.toFixed(1),
        workers.map(({ pid }) => residentMiB(pid)).join(', '),
        ...[residentMiB(watch.pid), residentMiB(temporal), databaseMiB(stack)],
      ];
      samples.push(row);
      tell(row.join(' | '));
    };
    let due = units * sampleShare;
    let last = '';
    for await (const line of createInterface({ input: watch.stdout })) {
      last = line;
      const { done } = unitsOf(line);
      if (done < due) continue;
      take(done);
      due = done + units * sampleShare;
    }
    const { exitCode } = await watch;
    const { done, failed } = unitsOf(last);
    if (exitCode !== 0 || done !== units || failed !== 0)
      throw new Error(`watch ended with ${String(exitCode)}: ${last}`);
    const minutes = (performance.now() - begun) / 60_000;
    const cpuOf = (pids: readonly (number | undefined)[]): string => {
      const seconds = pids.map(cpuSeconds);
      return seconds.includes(undefined) ? 'unknown: one has ended' : ((sum(seconds) / units) * 1e3).toFixed(2);
    };
    const { events, workflows } = await countEvents(environment);
    return {
      samples,
      figures: [
        ['units', String(units)],
        ['seconds to stage and start', startSeconds.toFixed(1)],
        ['minutes to move', minutes.toFixed(1)],
        ['CPU of the workers, ms a unit', cpuOf(workers.map(({ pid }) => pid))],
        ['CPU of Temporal, ms a unit', cpuOf([temporal])],
        ['workflow runs', String(workflows)],
        ['history events', String(events)],
        ['history events a thousand units', ((events / units) * 1e3).toFixed(1)],
        ['database, bytes a unit', ((Number(databaseMiB(stack)) * miB) / units).toFixed(0)],
      ],
    };
  } finally {
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers);
    await end();
  }
}

async function prepare(stack: SharedStack, units: number): Promise<Readonly<Record<string, string>>> {
  const account = azureService(stack, 'prodeast');
  await account.getContainerClient(name).createIfNotExists();
  const s3 = s3Client(stack);
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  s3.destroy();
  const directory = join(stack.stateDir, name);
  mkdirSync(directory);
  const blob = join(directory, 'data.bz2');
  const compressor = startBzip2Compressor({ python: 'python3', processes: 1 });
  await writeFile(blob, await compressor.compress([Buffer.from('{"at":"2020-01-01T00:00:00Z","amount":42}\n')]));
  compressor.close();
  await pipeline(Readable.from(unitLines(units)), createWriteStream(join(directory, 'units.csv')));
  const { AWS_REGION: region = '' } = stack.environment;
  await writeFile(
    join(directory, 'migration.yaml'),
    `version: 1
name: ${name}
units: { from: units.csv, id: '{{ number }}' }
accounts:
  east: { endpoint: '${account.url}', credential: prodeast }
find:
  - { account: east, container: ${name}, prefix: '{{ number }}/' }
target: { bucket: ${name}, key: 'units/{{ number }}.gz', region: ${region}, endpoint: '${stack.s3Endpoint}' }
`,
  );
  return {
    ...stack.environment,
    ...{ LONGHAUL_TASK_QUEUE: name, LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1' },
    ...{ FLAT_UNITS: String(units), FLAT_BLOB: blob },
  };
}

function* unitLines(units: number): Generator<string> {
  yield 'number\n';
  for (let index = 0; index < units; index += 1) yield `${String(index).padStart(7, '0')}\n`;
}

const lastWordsMax = 4_000;

/** Starts a worker process. `ready` resolves when it serves the task queue. */
function startWorker(environment: Readonly<Record<string, string>>) {
  const program = join(import.meta.dirname, 'worker.mjs');
  const worker = execa(process.execPath, [program], {
    env: environment,
    reject: false,
    stdin: 'ignore',
    buffer: false,
  });
  const ready = new Promise<void>((resolve, reject) => {
    let lastWords = '';
    worker.stderr.on('data', (log: Buffer) => {
      lastWords = (lastWords + log.toString()).slice(-lastWordsMax);
      if (log.includes('"ready: ')) resolve();
    });
    worker.on('exit', (status, signal) => {
      if (status !== 0) process.stderr.write(`a worker ended with ${String(status ?? signal)}:\n${lastWords}\n`);
      reject(new Error('a worker has ended'));
    });
  });
  return { ready, worker };
}

function unitsOf(line: string): { readonly done: number; readonly failed: number } {
  const { units } = JSON.parse(line) as { readonly units: { readonly done: number; readonly failed: number } };
  return units;
}

/** Counts the runs of the migration's workflows and the events of their histories. */
async function countEvents(environment: Readonly<Record<string, string>>) {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = 'default' } = environment;
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    let workflows = 0;
    let events = 0;
    for await (const { historyLength } of workflow.list({ query: `TaskQueue = "${name}"` })) {
      workflows += 1;
      events += historyLength;
    }
    return { workflows, events };
  } finally {
    await connection.close();
  }
}

/** The memory of a process, or a dash if it has just ended. */
function residentMiB(pid: number | undefined): string {
  if (!existsSync(`/proc/${String(pid)}/status`)) return '-';
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) / 1024).toFixed(0);
}

// Linux uses this unit, whatever the clock of the kernel.
const ticksPerSecond = 100;

/** The CPU time of a process, or undefined if it has ended. */
function cpuSeconds(pid: number | undefined): number | undefined {
  if (!existsSync(`/proc/${String(pid)}/stat`)) return undefined;
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / ticksPerSecond;
}

/** The files of the server's database, its journal included. */
function databaseMiB({ stateDir }: SharedStack): string {
  const files = ['temporal.db', 'temporal.db-wal']
    .map((file) => join(stateDir, file))
    .filter((path) => existsSync(path));
  return (sum(files.map((path) => statSync(path).size)) / miB).toFixed(0);
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((before, value = 0) => before + value, 0);
}
