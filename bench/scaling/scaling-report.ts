import { unitsMax } from '../../src/domain/layout.js';
import { markdownTable } from '../lib/markdown.mjs';
import { predict, type Prediction } from './cost-model.js';
import type { RunFigures, ScalingResults } from './scaling-run.js';
import { costsOf, realData, sizeOf, timeOf, type Fleet } from './sizing.js';

const oneBox: Fleet = { title: 'one box of 2 cores', hosts: 1, coresOfHost: 2 };
const fleets: readonly Fleet[] = [
  { title: 'one box of 8 cores', hosts: 1, coresOfHost: 8 },
  { title: '10 hosts of 8', hosts: 10, coresOfHost: 8 },
  { title: '100 hosts of 8', hosts: 100, coresOfHost: 8 },
];
const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 70_000_000, unitsMax];

/** Returns the page docs/bench/scaling.md. */
export function scalingReport(local: ScalingResults, cluster: ScalingResults): string {
  return `# Scaling

<!-- Written by \`npm run bench -- scaling\`; change bench/scaling/scaling-report.ts instead. -->

The same ${number(local.scaling[0]?.units ?? 0)} units are moved by more and more worker processes. The stores are in
memory and answer each request after ${String(local.latencyMs)} ms, the blobs are tiny, and each process moves
${String(local.unitsInFlight)} units at once. So a process waits most of the time, and a machine with few cores can hold
many of them. Temporal, the ledger and everything else are real.

## One machine

Temporal's server of the local stack. \`npm run bench -- scaling\`, ${local.at}; ${local.machine}.

${scalingTable(local)}
## A cluster

Temporal on PostgreSQL, each worker process on a host of its own (a network namespace).
\`npm run bench -- scaling --server cluster\`, ${cluster.at}; ${cluster.machine}.

${scalingTable(cluster)}
${bottleneck(local, cluster)}

## The model

What a slice, a unit and a blob cost is fitted to ${String(cluster.fitted.length)} runs on the cluster, by least
squares of relative errors:

${costsTable(cluster)}
Runs it was not fitted to, with slices of other sizes and other numbers of blobs:

${checkTable(cluster)}
## From a thousand units to 200 million

${sizingTables(cluster)}`;
}

/** Returns what migrations of other sizes take. */
function sizingTables(results: ScalingResults): string {
  const mostUnits = Math.max(...results.fitted.map(({ units }) => units));
  return `${countsTable(results)}
The layout follows from the number of units alone. Workflows are the partitions and the root. Events and the size of the
database are those of the measured runs, a slice (\`npm run bench -- scaling --server cluster\`, ${results.at});
**beyond ${number(mostUnits)} units they are extrapolated**. Actions are those of Temporal Cloud, computed, without
heartbeats.
Requests and their cost are those of units of ${realData.what}, at the list prices that \`longhaul plan\` starts from,
without egress and storage.

${timeTable(results)}
A unit is one of ${realData.what}. Such a unit took ${ms(realData.cpuSecondsOfUnit)} of CPU, everything counted, and two
cores moved ${String(realData.unitsPerSecondOnTwoCores)} a second (\`${realData.command}\`). **All
times but that of the first thousand on two cores are extrapolated**: units divided by cores, as long as there
are slices for all of them, and as long as the accounts
answer.
That is the limit to look at. The last column is what the accounts would have to serve; an account of Azure is said to
serve 20,000 requests a second, so the units of a fast fleet must be spread over several, or it waits.

${serverTable(results)}
**Extrapolated** from the cost of a slice and of the heartbeats of a process. A core is one that works all the time.
`;
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
      ...[cores(run.ledgerCpuSeconds), String(run.workerMiB)],
    ];
  });
  return markdownTable(head, rows);
}

/** Says where growth ends, and what takes the most of the cores there. */
function bottleneck(...all: readonly ScalingResults[]): string {
  return all
    .map(({ scaling, machine }, index) => {
      const [first] = scaling;
      const bent = scaling.find(
        (run) => first && run.unitsPerSecond / first.unitsPerSecond < (0.9 * run.processes) / first.processes,
      );
      const where = index === 0 ? 'On one machine' : 'On the cluster';
      const last = scaling.at(-1);
      if (last === undefined) return '';
      if (bent === undefined)
        return `${where} the rate was linear up to ${String(last.processes)} processes, within a tenth.`;
      const cpu = {
        workers: bent.workerCpuSeconds,
        "Temporal's server": bent.temporalCpuSeconds,
        PostgreSQL: bent.databaseCpuSeconds,
        'the store of the ledger': bent.ledgerCpuSeconds,
      };
      const total = Object.values(cpu).reduce((sum, each) => sum + each, 0);
      const parts = Object.entries(cpu)
        .filter(([, each]) => each > 0)
        .sort(([, a], [, b]) => b - a)
        .map(([name, each]) => `${name} ${((each * 100) / total).toFixed(0)} %`);
      return [
        `${where} the rate is no longer linear with ${String(bent.processes)} processes, where all parts together`,
        `take ${(total / bent.seconds).toFixed(1)} of the machine's ${machine.split(' ')[0] ?? ''} cores:`,
        `${parts.join(', ')}.`,
      ].join(' ');
    })
    .join('\n\n');
}

function costsTable(results: ScalingResults): string {
  const costs = costsOf(results);
  return markdownTable(
    ['cost', 'figure'],
    [
      ['CPU of the workers, a slice', ms(costs.workerOfSlice)],
      ['CPU of the workers, a unit', ms(costs.workerOfUnit)],
      ['CPU of the workers, a blob', ms(costs.workerOfBlob)],
      ['CPU of Temporal, a slice', ms(costs.temporalOfSlice)],
      ['CPU of Temporal, a second of a process', ms(costs.temporalOfProcessSecond)],
      ['CPU of PostgreSQL, a slice', ms(costs.databaseOfSlice)],
      ['CPU of PostgreSQL, a second of a process', ms(costs.databaseOfProcessSecond)],
      ['a unit in flight', ms(costs.secondsOfUnit)],
      ['each of its blobs in flight', ms(costs.secondsOfBlob)],
    ],
  );
}

function checkTable(results: ScalingResults): string {
  const costs = costsOf(results);
  const figures = ['seconds', 'workerCpuSeconds', 'temporalCpuSeconds', 'databaseCpuSeconds'] as const;
  const rows = results.checked.map((run) => {
    const expected = predict(costs, run, results.unitsInFlight);
    return [
      `${number(run.units)} units of ${String(run.blobsOfUnit)} blobs, ${String(run.processes)} processes`,
      ...figures.map((figure) => `${seconds(expected, figure)} / ${seconds(run, figure)}`),
    ];
  });
  const head = ['run: predicted / measured, s', 'time', 'CPU of workers', 'CPU of Temporal', 'CPU of PostgreSQL'];
  return markdownTable(head, rows);
}

function seconds(figures: Prediction | RunFigures, figure: keyof Prediction): string {
  return figures[figure].toFixed(1);
}

function countsTable(results: ScalingResults): string {
  const head = ['units', 'slices', 'workflows', 'events', 'database', 'actions', 'requests', 'their cost, USD'];
  const rows = sizes.map((units) => {
    const size = sizeOf(units, results);
    return [
      ...[number(units), number(size.layout.slices), number(size.workflows), rounded(size.events)],
      ...[bytes(size.databaseBytes), number(size.actions), rounded(size.sourceReads + size.targetRequests)],
      size.requestsCost < 10 ? size.requestsCost.toFixed(2) : rounded(size.requestsCost),
    ];
  });
  return markdownTable(head, rows);
}

function timeTable(results: ScalingResults): string {
  const head = ['units', oneBox.title, ...fleets.map(({ title }) => title), 'reads/s of the last'];
  const rows = sizes.map((units) => [
    number(units),
    duration(units / realData.unitsPerSecondOnTwoCores),
    ...fleets.map((fleet) => duration(timeOf(units, fleet, results).seconds)),
    rounded(timeOf(units, fleets.at(-1)!, results).readsPerSecond),
  ]);
  return markdownTable(head, rows);
}

function serverTable(results: ScalingResults): string {
  const head = ['Temporal and its database, for 200 million units', 'cores', 'heartbeats'];
  const rows = [oneBox, ...fleets].map((fleet) => {
    const { serverCores, beats } = timeOf(unitsMax, fleet, results);
    return [fleet.title, serverCores.toFixed(2), rounded(beats)];
  });
  return markdownTable(head, rows);
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Two digits are as many as an extrapolation is worth. */
function rounded(value: number): string {
  return number(Number(value.toPrecision(2)));
}

function ms(secondsOfCpu: number): string {
  return `${(secondsOfCpu * 1e3).toPrecision(2)} ms`;
}

function bytes(value: number): string {
  return value < 1e9 ? `${rounded(value / 1e6)} MB` : `${Number((value / 1e9).toPrecision(2)).toString()} GB`;
}

function duration(value: number): string {
  if (value < 120) return `${value.toFixed(0)} s`;
  if (value < 7_200) return `${(value / 60).toFixed(0)} min`;
  return value < 172_800 ? `${(value / 3_600).toFixed(1)} h` : `${(value / 86_400).toFixed(0)} days`;
}
