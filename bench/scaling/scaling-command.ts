import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { s3Client } from '../../test/support/migrations/generated-migration.js';
import { partPid } from '../../test/support/servers/stack-parts.js';
import { startStack } from '../../test/support/servers/start-stack.js';
import { machineLine } from '../lib/machine.mjs';
import { startClusterBench } from './cluster-bench.js';
import { measureRun, type Bench } from './measure-run.js';
import type { RunFigures, ScalingResults, ServerKind, Workload } from './scaling-run.js';
import { scalingReport } from './scaling-report.js';

// Few, so that latency and not the cores of this machine says how fast a process is.
const unitsInFlight = 16;
const sameWork = { units: 4_096, blobsOfUnit: 1 };

/** What the model is fitted to: slices of 8 to 40 units, with one to six blobs each, on one to four processes. */
const fitted: readonly Workload[] = [
  { units: 4_096, blobsOfUnit: 1, processes: 2 },
  { units: 20_480, blobsOfUnit: 1, processes: 4 },
  { units: 4_096, blobsOfUnit: 6, processes: 4 },
  { units: 8_192, blobsOfUnit: 2, processes: 4 },
];
/** What it is checked against. */
const checked: readonly Workload[] = [
  { units: 12_288, blobsOfUnit: 2, processes: 3 },
  { units: 6_144, blobsOfUnit: 4, processes: 4 },
];

/** `npm run bench -- scaling` */
export async function scalingCommand(values: Readonly<Record<string, string | boolean>>): Promise<void> {
  const server: ServerKind = values['server'] === 'cluster' ? 'cluster' : 'local';
  const isQuick = values['quick'] === true;
  if (values['report-only'] !== true) {
    const results = await measure(server, {
      ...{ latencyMs: Number(values['latency']), processes: String(values['processes']).split(',').map(Number) },
      shrink: isQuick ? quickShare : 1,
    });
    if (isQuick) {
      process.stdout.write(scalingReport(results, results));
      return;
    }
    await writeFile(resultsPath(server), `${JSON.stringify(results, null, 2)}\n`);
  }
  const [local, cluster] = [await readResults('local'), await readResults('cluster')];
  if (local === undefined || cluster === undefined) {
    process.stderr.write('The page is written once both kinds of servers have been measured.\n');
    return;
  }
  const text = scalingReport(local, cluster);
  const options = { ...(await resolveConfig(pagePath)), parser: 'markdown' };
  await writeFile(pagePath, await format(text, options));
}

const pagePath = 'docs/bench/scaling.md';
const quickShare = 16;

async function measure(
  server: ServerKind,
  options: { readonly latencyMs: number; readonly processes: readonly number[]; readonly shrink: number },
): Promise<ScalingResults> {
  const { latencyMs, processes, shrink } = options;
  const { bench, end } = await (server === 'cluster' ? startClusterBench() : startLocalBench());
  try {
    let number = 0;
    const all = async (workloads: readonly Workload[]): Promise<readonly RunFigures[]> => {
      const runs: RunFigures[] = [];
      for (const workload of workloads) {
        const name = `scaling-${String((number += 1))}`;
        const units = workload.units / shrink;
        runs.push(await measureRun(bench, { ...workload, units, name, latencyMs, unitsInFlight }));
        process.stderr.write(`${JSON.stringify(runs.at(-1))}\n`);
      }
      return runs;
    };
    return {
      ...{ format: 1, at: new Date().toISOString().slice(0, 10), machine: machineLine(), latencyMs, unitsInFlight },
      scaling: await all(processes.map((count) => ({ ...sameWork, processes: count }))),
      ...{ fitted: await all(fitted), checked: await all(checked) },
    };
  } finally {
    await end();
  }
}

async function startLocalBench(): Promise<{ readonly bench: Bench; readonly end: () => Promise<void> }> {
  const { stack, end } = await startStack();
  const s3 = s3Client(stack);
  return {
    bench: {
      ...{ stack, s3, database: stack.stateDir, onHost: () => Promise.resolve([]) },
      processes: { temporal: [await partPid(stack, 'temporal')], database: [], ledger: [await partPid(stack, 's3')] },
    },
    async end() {
      s3.destroy();
      await end();
    },
  };
}

async function readResults(server: ServerKind): Promise<ScalingResults | undefined> {
  const path = resultsPath(server);
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as ScalingResults) : undefined;
}

function resultsPath(server: ServerKind): string {
  return `docs/bench/scaling-${server}.json`;
}
