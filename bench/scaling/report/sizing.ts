import { planLayout, slicesScheduledMax, type Layout } from '../../../src/domain/layout.js';
import { defaultPrices } from '../../../src/planning/default-prices.js';
import { fitCosts, type Costs } from '../cost-model.js';
import type { RunFigures, ScalingResults } from '../scaling-run.js';
import type { RealData } from './real-data.js';

/** Machines that move a migration, with a worker process for each core. */
export interface Fleet {
  readonly title: string;
  readonly hosts: number;
  readonly coresOfHost: number;
}

export const oneBox: Fleet = { title: 'one box of 2 cores', hosts: 1, coresOfHost: 2 };
export const fleets: readonly Fleet[] = [
  { title: 'one box of 8 cores', hosts: 1, coresOfHost: 8 },
  { title: '10 hosts of 8', hosts: 10, coresOfHost: 8 },
  { title: '100 hosts of 8', hosts: 100, coresOfHost: 8 },
];

/** What a migration of a given number of units takes, apart from time and machines. */
export interface Size {
  readonly layout: Layout;
  readonly workflows: number;
  readonly events: number;
  /** Without heartbeats. */
  readonly actions: number;
  readonly databaseBytes: number;
  readonly reads: number;
  readonly lists: number;
  readonly puts: number;
  readonly heads: number;
  readonly ledgerRequests: number;
  readonly requestsCost: number;
  readonly coreHours: number;
  /** Heartbeats, whatever the number of processes: more of them beat for a shorter time. */
  readonly beats: number;
  readonly cloudCost: number;
}

/** A process sends a heartbeat for each of its four slices every five seconds; see docs/deploy.md. */
const beatsOfProcessSecond = 4 / 5;

/** Returns what a migration of this many units takes. */
export function sizeOf(units: number, results: ScalingResults, real: RealData): Size {
  const layout = planLayout(units);
  const { slices, partitions } = layout;
  const counted = countsOf(runsOf(results));
  const workflows = partitions + 1;
  const [reads, lists] = [units * real.blobsOfUnit, units * real.listsOfUnit];
  const heads = units * counted.headsOfUnit;
  const ledgerRequests = slices * counted.ledgerRequestsOfSlice;
  const { source, target } = defaultPrices;
  const coreSeconds = units / (real.unitsPerSecond / real.cores);
  const beats = coreSeconds * beatsOfProcessSecond;
  const actions = slices * counted.actionsOfSlice + workflows * actionsOfWorkflow;
  return {
    ...{ layout, workflows, reads, lists, puts: units, heads, ledgerRequests, actions },
    events: slices * counted.eventsOfSlice + workflows * eventsOfWorkflow,
    databaseBytes: slices * counted.bytesOfSlice,
    requestsCost:
      (reads * source.readsPer10000 + lists * source.listsPer10000) / 10_000 +
      ((units + ledgerRequests) * (target.classes['STANDARD']?.putsPer1000 ?? 0) + heads * target.headsPer1000) / 1_000,
    ...{ coreHours: coreSeconds / 3_600, beats, cloudCost: priceOfActions(actions + beats) },
  };
}

/** How long a fleet takes if only its cores limit it, and what Temporal has to do meanwhile. */
export interface FleetTime {
  readonly seconds: number;
  /** Processes that have a slice at any time. */
  readonly busy: number;
  readonly readsPerSecond: number;
  readonly temporalCores: number;
  readonly databaseCores: number;
}

/** Returns how long a fleet takes. */
export function timeOf(units: number, fleet: Fleet, results: ScalingResults, real: RealData): FleetTime {
  const { temporal, database } = costsOf(results);
  const layout = planLayout(units);
  // No more processes have work than slices are scheduled at once.
  const scheduled = Math.min(layout.slices, layout.partitions * slicesScheduledMax(layout));
  const busy = Math.min(fleet.hosts * fleet.coresOfHost, scheduled);
  const seconds = units / (busy * (real.unitsPerSecond / real.cores));
  const coresOf = ({ ofSlice, ofSecond, ofProcessSecond }: Costs['temporal']): number =>
    (layout.slices * ofSlice) / seconds + ofSecond + busy * ofProcessSecond;
  return {
    ...{ seconds, busy, readsPerSecond: (units * real.blobsOfUnit) / seconds },
    ...{ temporalCores: coresOf(temporal), databaseCores: coresOf(database) },
  };
}

/** Returns the costs that were measured. */
export function costsOf(results: ScalingResults): Costs {
  return fitCosts(runsOf(results), results);
}

/** Returns the runs that the model is fitted to. */
export function runsOf({ scaling, fitted }: ScalingResults): readonly RunFigures[] {
  return [...scaling, ...fitted];
}

/** A workflow begins and ends with about a dozen events and two actions; the rest come from its slices. */
const [eventsOfWorkflow, actionsOfWorkflow] = [12, 2];

/** Means over the runs: they hardly depend on anything else than the number of slices. */
function countsOf(runs: readonly RunFigures[]) {
  const mean = (valueOf: (run: RunFigures) => number): number =>
    runs.reduce((sum, run) => sum + valueOf(run), 0) / runs.length;
  return {
    eventsOfSlice: mean((run) => (run.events - eventsOfWorkflow * run.workflows) / run.slices),
    actionsOfSlice: mean((run) => (run.actions - actionsOfWorkflow * run.workflows) / run.slices),
    bytesOfSlice: mean((run) => run.databaseBytes / run.slices),
    headsOfUnit: mean((run) => run.unitHeads / run.units),
    ledgerRequestsOfSlice: mean((run) => run.ledgerRequests / run.slices),
  };
}

/** Of Temporal Cloud, for the actions of one month: USD for a million of them, and up to how many. */
const actionPrices: readonly (readonly [upTo: number, perMillion: number])[] = [
  [5e6, 50],
  [10e6, 45],
  [20e6, 40],
  [50e6, 35],
  [100e6, 30],
  [Number.POSITIVE_INFINITY, 25],
];

function priceOfActions(actions: number): number {
  let [price, from] = [0, 0];
  for (const [upTo, perMillion] of actionPrices) {
    price += ((Math.max(Math.min(actions, upTo), from) - from) / 1e6) * perMillion;
    from = upTo;
  }
  return price;
}
