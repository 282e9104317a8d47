import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { startTemporalServer } from '../../test/support/servers/temporal-server.js';
import { median } from '../lib/measure.mjs';

type Rows = readonly (readonly string[])[];

// After it is ready, a process collects its garbage and Temporal's pollers open.
const restMs = 10_000;

/** Measures the built programs against a Temporal server of its own. */
export async function measureStartup({ runs }: { readonly runs: number }): Promise<{ commands: Rows; workers: Rows }> {
  const server = await startTemporalServer();
  const environment = { ...process.env, TEMPORAL_ADDRESS: server.address, LONGHAUL_LOG: 'json' };
  try {
    const commands: (readonly string[])[] = [['node', '-e', '0']];
    for (const line of ['--help', 'status --help', 'list', 'status nobody', 'failures nobody', 'report nobody'])
      commands.push(['longhaul', ...line.split(' ')]);
    const rows = [];
    for (const words of commands) rows.push(await commandRow(words, runs, environment));
    return { commands: rows, workers: await workerRows(environment) };
  } finally {
    await server.teardown();
  }
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

async function commandRow(
  words: readonly string[],
  runs: number,
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const [program, ...rest] = words;
  const args = program === 'node' ? rest : ['dist/client.js', ...rest];
  const measured: Run[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await runOnce(args, environment));
  return [
    words.join(' '),
    seconds(median(measured.map((run) => run.seconds))),
    seconds(median(measured.map((run) => run.cpuSeconds))),
    mib(median(measured.map((run) => run.peakBytes))),
  ];
}

/** Runs a program to its end, in a process that reports what its children took. */
async function runOnce(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Run> {
  const script = `
    import resource, subprocess, sys, time, json
    begun = time.monotonic()
    subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps(dict(seconds=seconds, cpuSeconds=used.ru_utime + used.ru_stime, peakBytes=used.ru_maxrss * 1024)))
  `.replace(/^ {4}/gm, '');
  const child = spawn('python3', ['-c', script, process.execPath, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const text: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => text.push(piece));
  await once(child, 'close');
  return JSON.parse(text.join('')) as Run;
}

/** Starts a parent with one process, and reads what the system reports for both while they have nothing to do. */
async function workerRows(environment: NodeJS.ProcessEnv): Promise<Rows> {
  const begun = performance.now();
  const parent = spawn(process.execPath, ['dist/worker.js', '--processes', '1'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    let child = 0;
    for await (const line of createInterface(parent.stderr)) {
      const { msg, pid } = JSON.parse(line) as { readonly msg: string; readonly pid: number };
      child = pid;
      if (msg.startsWith('ready')) break;
    }
    const readySeconds = (performance.now() - begun) / 1_000;
    const childCpu = await cpuSecondsOf(child);
    const parentCpu = await cpuSecondsOf(parent.pid ?? 0);
    await wait(restMs);
    return [
      ['the parent', '', seconds(parentCpu), mib(await memoryOf(parent.pid ?? 0))],
      ['one of its processes', seconds(readySeconds), seconds(childCpu), mib(await memoryOf(child))],
    ];
  } finally {
    parent.kill();
    await once(parent, 'close');
  }
}

async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${String(pid)}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  // Linux counts in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function memoryOf(pid: number): Promise<number> {
  const [, kib = ''] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Number(kib) * 1_024;
}

const seconds = (value: number): string => `${value.toFixed(2)} s`;
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
