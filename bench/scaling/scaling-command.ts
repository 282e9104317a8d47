import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { machineLine } from '../lib/machine.mjs';
import { startClusterBench } from './cluster-bench.js';
import { startLocalBench } from './local-bench.js';
import { measureRun } from './measure-run.js';
import { makePages, resultsPath, writePages } from './report/write-pages.js';
import type { RunFigures, ScalingResults, ServerKind, Workload } from './scaling-run.js';

// Few, so that latency and not the cores of this machine says how fast a process is.
const unitsInFlight = 16;
const sameWork = { units: 4_096, blobsOfUnit: 1 };

/** What the model is fitted to, beside the runs of the same work: other slices, other numbers of blobs. */
const fitted: readonly Workload[] = [
  { units: 2_048, blobsOfUnit: 1, processes: 2 },
  { units: 16_384, blobsOfUnit: 1, processes: 4 },
  { units: 4_096, blobsOfUnit: 6, processes: 4 },
  { units: 8_192, blobsOfUnit: 2, processes: 2 },
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
      const pages = await makePages({ [server]: results });
      for (const text of pages.values()) process.stdout.write(text);
      return;
    }
    await writeFile(resultsPath(server), `${JSON.stringify(results, null, 2)}\n`);
  }
  await writePages();
}

const quickShare = 16;

async function measure(
  server: ServerKind,
  options: { readonly latencyMs: number; readonly processes: readonly number[]; readonly shrink: number },
): Promise<ScalingResults> {
  const { latencyMs, processes, shrink } = options;
  const machine = machineLine();
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
      ...{ format: 1, at: new Date().toISOString().slice(0, 10), machine, cores: cpus().length },
      ...{ latencyMs, unitsInFlight },
      scaling: await all(processes.map((count) => ({ ...sameWork, processes: count }))),
      ...{ fitted: await all(fitted), checked: await all(checked) },
    };
  } finally {
    await end();
  }
}
