import { unitsMax } from '../../../src/domain/layout.js';
import { markdownTable } from '../../lib/markdown.mjs';
import type { ScalingResults } from '../scaling-run.js';
import { bytes, dollars, duration, marked, ms, number, rounded } from './figures.js';
import { realUnit, type RealData } from './real-data.js';
import { fleets, oneBox, runsOf, sizeOf, timeOf } from './sizing.js';

const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 70_000_000, unitsMax];

/** The part of docs/sizing.md that is made from measurements on a cluster and of the bake-off. */
export function sizingTables(results: ScalingResults, real: RealData): string {
  const mostUnits = Math.max(...runsOf(results).map(({ units }) => units));
  return `A unit is ${realUnit}. **≈ marks what is extrapolated**, rounded to two digits.

### Temporal and its database

${countsTable(results, real, mostUnits)}
Slices and workflows follow from the number of units alone. Events, actions (those of Temporal Cloud, without
heartbeats), requests to the ledger and the growth of PostgreSQL are means of ${number(runsOf(results).length)} runs, a
slice, of up to ${number(mostUnits)} units: \`npm run bench -- scaling --server cluster\`, ${results.at}.

### Requests and money

${moneyTable(results, real)}
Each object is asked for before it is put. Reads and lists of the source, and the speed that the hours come from, were
measured with ${number(real.units)} units: \`${real.command}\`. Prices are those that \`longhaul plan\` starts from,
in USD, without egress and storage, and those of [actions of Temporal Cloud](deploy.md#what-it-costs), all in one month.
A core that works beats all the time, so the heartbeats grow with the hours and not with the number of machines. Fewer
beats cost less: [what beats](deploy.md#what-it-costs).

### Time

${timeTable(results, real)}
Two cores moved ${real.unitsPerSecond.toFixed(1)} units a second, everything counted and the stores on the same cores
(\`${real.command}\`). A fleet takes as long as its cores need, one process for each, at ${ms(real.cpuSecondsOfUnit)} of
CPU a unit and with what else that run spent. What limits it first:

- **The accounts.** The last column is what they would have to serve. One account of Azure is said to serve 20,000
  requests a second; the units of a fast fleet must be spread over several, or it waits.
- **Slices.** ${number(timeOf(unitsMax, fleets.at(-1)!, results, real).busy)} processes have work at once in the largest
  migration on the largest fleet, and a migration of 1,000 units has 125 slices in all.
- **Temporal** does not: [Scaling](bench/scaling.md) has its share.

### Memory

${memoryTable(results, real)}
It does not grow with the number of units: \`npm run bench -- flat\` holds a million of them against that.
`;
}

function countsTable(results: ScalingResults, real: RealData, mostUnits: number): string {
  const head = ['units', 'slices', 'workflows', 'events', 'actions', 'ledger requests', 'database'];
  const rows = sizes.map((units) => {
    const { layout, workflows, events, actions, ledgerRequests, databaseBytes } = sizeOf(units, results, real);
    const isMeasured = units <= mostUnits;
    return [
      ...[number(units), number(layout.slices), number(workflows)],
      ...[events, actions, ledgerRequests].map((value) => marked(value, isMeasured)),
      `${isMeasured ? '' : '≈ '}${bytes(databaseBytes)}`,
    ];
  });
  return markdownTable(head, rows);
}

function moneyTable(results: ScalingResults, real: RealData): string {
  const head = [
    'units',
    'reads',
    'lists',
    'heads',
    'puts',
    'requests, USD',
    'core hours',
    'heartbeats',
    'Temporal Cloud, USD',
  ];
  const rows = sizes.map((units) => {
    const size = sizeOf(units, results, real);
    const isMeasured = units <= real.units;
    const mark = isMeasured ? '' : '≈ ';
    return [
      ...[number(units), marked(size.reads, isMeasured), marked(size.lists, isMeasured)],
      ...[marked(size.heads, isMeasured), number(size.puts)],
      ...[`${mark}${dollars(size.requestsCost)}`, `${mark}${hours(size.coreHours)}`],
      ...[marked(size.beats, false), `≈ ${dollars(size.cloudCost)}`],
    ];
  });
  return markdownTable(head, rows);
}

function timeTable(results: ScalingResults, real: RealData): string {
  const head = ['units', oneBox.title, ...fleets.map(({ title }) => title), 'reads/s of the last'];
  const rows = sizes.map((units) => [
    number(units),
    `${units <= real.units ? '' : '≈ '}${duration(timeOf(units, oneBox, results, real).seconds)}`,
    ...fleets.map((fleet) => `≈ ${longEnough(timeOf(units, fleet, results, real).seconds)}`),
    marked(timeOf(units, fleets.at(-1)!, results, real).readsPerSecond, false),
  ]);
  return markdownTable(head, rows);
}

/** Beginning and ending take some seconds, whatever there is to do. */
function longEnough(seconds: number): string {
  return seconds < 10 ? 'seconds' : duration(seconds);
}

function memoryTable(results: ScalingResults, real: RealData): string {
  const runs = runsOf(results);
  const most = (valueOf: (run: (typeof runs)[number]) => number): string =>
    `${rounded(Math.max(...runs.map(valueOf)))} MiB`;
  const scaling = '`npm run bench -- scaling --server cluster`';
  return markdownTable(
    ['what', 'at most', 'measured by'],
    [
      ['one box of 2 cores: all processes of Longhaul and Temporal', bytes(real.peakBytes), `\`${real.command}\``],
      ['a worker process, units of a few small blobs', most(({ workerMiB }) => workerMiB), scaling],
      ["Temporal's four services", most(({ temporalMiB }) => temporalMiB), scaling],
      ['PostgreSQL', most(({ databaseMiB }) => databaseMiB), scaling],
      ['to reserve for each worker process', '704 to 1,280 MiB', '[Deploying workers](deploy.md)'],
    ],
  );
}

function hours(value: number): string {
  return value < 10 ? value.toPrecision(2) : rounded(value);
}
