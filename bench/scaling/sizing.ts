import { planLayout, type Layout } from '../../src/domain/layout.js';
import { defaultPrices } from '../../src/planning/default-prices.js';
import { fitCosts, type Costs } from './cost-model.js';
import type { RunFigures, ScalingResults } from './scaling-run.js';

/** Machines that move a migration. */
export interface Fleet {
  readonly title: string;
  readonly hosts: number;
  readonly coresOfHost: number;
}

/** What a migration of a given number of units takes. */
export interface Size {
  readonly layout: Layout;
  readonly workflows: number;
  readonly events: number;
  readonly actions: number;
  readonly databaseBytes: number;
  readonly sourceReads: number;
  readonly targetRequests: number;
  readonly requestsCost: number;
  /** Of Temporal's server and its database, without heartbeats. */
  readonly serverCpuSeconds: number;
}

/** What one unit of real data costs: measured with real stores and codecs, by the bake-off. */
export const realData = {
  command: 'npm run bench -- bakeoff --units 1000',
  what: 'ten blobs of 10 KB in bzip2, to one gzip object',
  blobsOfUnit: 10.095,
  cpuSecondsOfUnit: 0.0507,
  unitsPerSecondOnTwoCores: 24.3,
  listsOfUnit: 1.344,
};

/** A ledger is read, claimed, and written after every few seconds of work and at the end. */
const ledgerRequestsOfSlice = 4;

/**
 * The model assumes one worker process per core; it sends a heartbeat for each of its four slices every five seconds.
 */
const beatsPerProcessSecond = 4 / 5;

/** Returns what a migration of this many units takes, apart from time and machines. */
export function sizeOf(units: number, results: ScalingResults): Size {
  const layout = planLayout(units);
  const { slices, partitions } = layout;
  const perUnit = realData;
  const counted = countsOf([...results.scaling, ...results.fitted]);
  const costs = costsOf(results);
  const workflows = partitions + 1;
  const sourceReads = units * perUnit.blobsOfUnit;
  // A put for each object of one part, and what reads and writes the ledger of a slice.
  const targetRequests = units + slices * ledgerRequestsOfSlice;
  const { source, target } = defaultPrices;
  return {
    ...{ layout, workflows, sourceReads, targetRequests },
    events: Math.round(slices * counted.eventsOfSlice + workflows * counted.eventsOfWorkflow),
    // A slice that starts, a child workflow (two), and what a root does once.
    actions: slices + 2 * partitions + 10,
    databaseBytes: slices * counted.bytesOfSlice,
    requestsCost:
      (sourceReads * source.readsPer10000 + units * perUnit.listsOfUnit * source.listsPer10000) / 10_000 +
      (targetRequests * (target.classes['STANDARD']?.putsPer1000 ?? 0)) / 1_000,
    serverCpuSeconds: slices * (costs.temporalOfSlice + costs.databaseOfSlice),
  };
}

/** Returns how long a fleet takes if only its cores limit it, and what Temporal has to do meanwhile. */
export function timeOf(
  units: number,
  { hosts, coresOfHost }: Fleet,
  results: ScalingResults,
): { readonly seconds: number; readonly beats: number; readonly serverCores: number; readonly readsPerSecond: number } {
  const cores = hosts * coresOfHost;
  const costs = costsOf(results);
  const { slices } = planLayout(units);
  // A process takes four slices at a time, so a small migration does not keep all processes busy.
  const busy = Math.min(cores, Math.ceil(slices / 4));
  const seconds = (units * realData.cpuSecondsOfUnit) / busy;
  const server =
    slices * (costs.temporalOfSlice + costs.databaseOfSlice) +
    busy * seconds * (costs.temporalOfProcessSecond + costs.databaseOfProcessSecond);
  return {
    seconds,
    beats: Math.round(busy * seconds * beatsPerProcessSecond),
    serverCores: server / seconds,
    readsPerSecond: (units * realData.blobsOfUnit) / seconds,
  };
}

export function costsOf({ fitted, unitsInFlight }: ScalingResults): Costs {
  return fitCosts(fitted, unitsInFlight);
}

/** Events and bytes, as means over the runs: they hardly depend on anything else. */
function countsOf(runs: readonly RunFigures[]) {
  // A workflow begins and ends with about a dozen events; the rest come from its slices.
  const eventsOfWorkflow = 12;
  const mean = (valueOf: (run: RunFigures) => number): number =>
    runs.reduce((sum, run) => sum + valueOf(run), 0) / runs.length;
  return {
    eventsOfWorkflow,
    eventsOfSlice: mean((run) => (run.events - eventsOfWorkflow * run.workflows) / run.slices),
    bytesOfSlice: mean((run) => run.databaseBytes / run.slices),
  };
}
