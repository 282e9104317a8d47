import { unitsMax } from '../../../src/domain/layout.js';
import { markdownTable } from '../../lib/markdown.mjs';
import { cpuSecondsOf, predict, type Prediction, type ServerCosts } from '../cost-model.js';
import type { RunFigures, ScalingResults, ServerKind } from '../scaling-run.js';
import { duration, ms, number, rounded } from './figures.js';
import type { RealData } from './real-data.js';
import { costsOf, fleets, oneBox, runsOf, timeOf } from './sizing.js';

/** What was measured on each kind of server so far. */
export interface Measured {
  readonly local?: ScalingResults | undefined;
  readonly cluster?: ScalingResults | undefined;
}

/** The page docs/bench/scaling.md. */
export function scalingReport({ local, cluster }: Measured, real: RealData): string {
  return [
    head,
    `## One machine

Temporal's server of the local stack, which keeps its data in SQLite.`,
    local === undefined ? unmeasured('local') : serverSection('npm run bench -- scaling', local),
    `## A cluster

Temporal's four services and PostgreSQL on a host of their own, and each worker process on another (network namespaces
of one machine, which share its cores).`,
    cluster === undefined
      ? unmeasured('cluster')
      : `${serverSection('npm run bench -- scaling --server cluster', cluster)}\n\n${modelSections(cluster, real)}`,
    '[Sizing and cost](../sizing.md) has the tables for other sizes.\n',
  ].join('\n\n');
}

const head = `# Scaling

<!-- Written by \`npm run bench -- scaling\`; change bench/scaling/report instead. -->

The same units are moved by more and more worker processes. The stores are in the memory of the workers and answer each
request after a while, the blobs are tiny, and each process moves few units at once. So a process waits most of the
time, and a machine with few cores can hold several of them. Temporal, the ledger and everything else are real. After
each run, each unit must have been put exactly once.`;

/** What stands where nothing was measured yet. */
export function unmeasured(server: ServerKind): string {
  return `Not measured yet; \`npm run bench -- scaling${server === 'cluster' ? ' --server cluster' : ''}\` does.`;
}

function serverSection(command: string, results: ScalingResults): string {
  const { scaling, latencyMs, unitsInFlight, at, machine } = results;
  return `${number(scaling[0]?.units ?? 0)} units of one blob, ${String(latencyMs)} ms a request,
${String(unitsInFlight)} units at once in each process. \`${command}\`, ${at}; ${machine}.

${scalingTable(results)}
${bottleneck(results)}`;
}

function modelSections(cluster: ScalingResults, real: RealData): string {
  return `\`observe\`, the one activity that looks at the whole migration, is no bottleneck by its design: however many
partitions there are, it asks for at most four of them a second. What it costs the servers is in the lines "a second"
below.

## The model

What a slice, a unit and a blob cost is fitted to ${String(runsOf(cluster).length)} runs on the cluster, by least
squares of relative errors:

${costsTable(cluster)}
Runs it was not fitted to, with slices of other sizes and other numbers of blobs; predicted / measured:

${checkTable(cluster)}
## 100 hosts

${number(unitsMax)} units of the bake-off's data. **All figures with ≈ are extrapolated** from the costs above and from
the ${real.unitsPerSecond.toFixed(1)} units a second that two cores move with real stores and codecs
(\`${real.command}\`).

${fleetTable(cluster, real)}`;
}

function scalingTable({ scaling }: ScalingResults): string {
  const [first] = scaling;
  if (first === undefined) return '';
  const head = [
    ...['processes', 'units/s', 'times one', 'of linear', 'workers, cores', 'Temporal, cores', 'database, cores'],
    ...['ledger, cores', 'MiB a process'],
  ];
  const rows = scaling.map((run) => {
    const times = run.unitsPerSecond / first.unitsPerSecond;
    const cores = (cpu: number): string => (cpu / run.seconds).toFixed(2);
    return [
      ...[String(run.processes), run.unitsPerSecond.toFixed(0), times.toFixed(2)],
      `${((times * first.processes * 100) / run.processes).toFixed(0)} %`,
      ...[cores(run.workerCpuSeconds), cores(run.temporalCpuSeconds), cores(run.databaseCpuSeconds)],
      ...[cores(run.ledgerCpuSeconds), run.workerMiB.toFixed(0)],
    ];
  });
  return markdownTable(head, rows);
}

/** Says where growth ends, and what takes the most of the cores there. */
function bottleneck({ scaling, cores }: ScalingResults): string {
  const [first, last] = [scaling[0], scaling.at(-1)];
  if (first === undefined || last === undefined) return '';
  const bent = scaling.find(
    (run) => run.unitsPerSecond / first.unitsPerSecond < (0.9 * run.processes) / first.processes,
  );
  if (bent === undefined) return `The rate grows linearly up to ${String(last.processes)} processes, within a tenth.`;
  const cpu = {
    'the workers': bent.workerCpuSeconds,
    "Temporal's server": bent.temporalCpuSeconds,
    PostgreSQL: bent.databaseCpuSeconds,
    'the store of the ledger': bent.ledgerCpuSeconds,
  };
  const total = cpuSecondsOf(bent);
  const parts = Object.entries(cpu)
    .filter(([, each]) => each > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, each]) => `${name} ${((each * 100) / total).toFixed(0)} %`);
  return `The rate is no longer linear with ${String(bent.processes)} processes. There all parts together take
${(total / bent.seconds).toFixed(1)} of the machine's ${String(cores)} cores, over the whole run: ${parts.join(', ')}.`;
}

function costsTable(results: ScalingResults): string {
  const costs = costsOf(results);
  const servers: readonly (readonly [string, ServerCosts])[] = [
    ['Temporal', costs.temporal],
    ['PostgreSQL', costs.database],
    ['the store of the ledger', costs.ledger],
  ];
  return markdownTable(
    ['cost', 'figure'],
    [
      ['CPU of the workers, a process, to warm up', ms(costs.workerOfProcess)],
      ['CPU of the workers, a slice', ms(costs.workerOfSlice)],
      ['CPU of the workers, a unit', ms(costs.workerOfUnit)],
      ['CPU of the workers, a blob', ms(costs.workerOfBlob)],
      ...servers.flatMap(([name, server]) => [
        [`CPU of ${name}, a slice`, ms(server.ofSlice)],
        [`CPU of ${name}, a second`, ms(server.ofSecond)],
        [`CPU of ${name}, a second of a process`, ms(server.ofProcessSecond)],
      ]),
      ['a unit in flight', ms(costs.secondsOfUnit)],
      ['each of its blobs in flight', ms(costs.secondsOfBlob)],
    ],
  );
}

function checkTable(results: ScalingResults): string {
  const costs = costsOf(results);
  const figures: readonly (keyof Prediction)[] = [
    ...(['unitsPerSecond', 'workerCpuSeconds', 'temporalCpuSeconds', 'databaseCpuSeconds'] as const),
    'ledgerCpuSeconds',
  ];
  const rows = results.checked.map((run: RunFigures) => {
    const expected = predict(costs, run, results);
    return [
      `${number(run.units)} units of ${String(run.blobsOfUnit)} blobs, ${String(run.processes)} processes`,
      ...figures.map((figure) => `${expected[figure].toFixed(1)} / ${run[figure].toFixed(1)}`),
    ];
  });
  const head = ['run', 'units/s', 'CPU of workers, s', 'of Temporal, s', 'of PostgreSQL, s', 'of the ledger, s'];
  return markdownTable(head, rows);
}

function fleetTable(results: ScalingResults, real: RealData): string {
  const head = ['fleet', 'processes at work', 'time', 'reads/s', 'Temporal, cores', 'PostgreSQL, cores'];
  const rows = [oneBox, ...fleets].map((fleet) => {
    const time = timeOf(unitsMax, fleet, results, real);
    return [
      ...[fleet.title, number(time.busy), `≈ ${duration(time.seconds)}`, `≈ ${rounded(time.readsPerSecond)}`],
      ...[`≈ ${time.temporalCores.toFixed(2)}`, `≈ ${time.databaseCores.toFixed(2)}`],
    ];
  });
  return markdownTable(head, rows);
}
