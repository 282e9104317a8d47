import { fitTerms } from './least-squares.js';
import type { RunFigures, Workload } from './scaling-run.js';

/** What a server costs, in seconds of CPU. */
export interface ServerCosts {
  readonly ofSlice: number;
  /** For each second in which a migration runs, with any number of processes: mainly `observe`. */
  readonly ofSecond: number;
  /** For each second of a process that moves slices: mainly heartbeats. */
  readonly ofProcessSecond: number;
}

/** What things cost, fitted to measured runs. Times are seconds of CPU, except the last two. */
export interface Costs {
  /** To warm up: what a process has not done before takes longer. */
  readonly workerOfProcess: number;
  readonly workerOfSlice: number;
  readonly workerOfUnit: number;
  readonly workerOfBlob: number;
  readonly temporal: ServerCosts;
  readonly database: ServerCosts;
  readonly ledger: ServerCosts;
  /** How long a unit is in flight by the clock, without its blobs, and for each of them. */
  readonly secondsOfUnit: number;
  readonly secondsOfBlob: number;
}

/** On what runs are measured, and how. */
export interface Setup {
  readonly cores: number;
  readonly unitsInFlight: number;
}

/** What a run is expected to take. */
export interface Prediction {
  readonly unitsPerSecond: number;
  readonly workerCpuSeconds: number;
  readonly temporalCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  readonly ledgerCpuSeconds: number;
}

/** Fits the costs to runs, each weighing the same. None is below zero. */
export function fitCosts(runs: readonly RunFigures[], setup: Setup): Costs {
  const worker = fitTerms(
    runs,
    (run) => [run.processes, run.slices, run.units, run.units * run.blobsOfUnit],
    (run) => run.workerCpuSeconds,
  );
  const server = (cpuOf: (run: RunFigures) => number): ServerCosts => {
    const terms = fitTerms(runs, (run) => [run.slices, run.seconds, run.processes * run.seconds], cpuOf);
    return { ofSlice: terms[0]!, ofSecond: terms[1]!, ofProcessSecond: terms[2]! };
  };
  // Where the cores are busy, units wait for them, too.
  const free = runs.filter((run) => cpuSecondsOf(run) < busyShare * setup.cores * run.seconds);
  const seconds = fitTerms(
    free.length === 0 ? runs : free,
    (run) => [1, run.blobsOfUnit],
    (run) => (setup.unitsInFlight * run.processes) / run.unitsPerSecond,
  );
  return {
    ...{ workerOfProcess: worker[0]!, workerOfSlice: worker[1]!, workerOfUnit: worker[2]!, workerOfBlob: worker[3]! },
    temporal: server((run) => run.temporalCpuSeconds),
    database: server((run) => run.databaseCpuSeconds),
    ledger: server((run) => run.ledgerCpuSeconds),
    ...{ secondsOfUnit: seconds[0]!, secondsOfBlob: seconds[1]! },
  };
}

const busyShare = 0.7;

/** Predicts a run: latency says how fast it is, unless the cores, which all its parts share, are busy before that. */
export function predict(costs: Costs, run: Workload & { readonly slices: number }, setup: Setup): Prediction {
  const { units, blobsOfUnit, processes, slices } = run;
  const servers = [costs.temporal, costs.database, costs.ledger];
  const workerCpuSeconds =
    processes * costs.workerOfProcess +
    slices * costs.workerOfSlice +
    units * (costs.workerOfUnit + blobsOfUnit * costs.workerOfBlob);
  const ofSlices = servers.reduce((sum, { ofSlice }) => sum + slices * ofSlice, workerCpuSeconds);
  const ofSecond = servers.reduce((sum, each) => sum + each.ofSecond + processes * each.ofProcessSecond, 0);
  const byLatency =
    (units * (costs.secondsOfUnit + costs.secondsOfBlob * blobsOfUnit)) / (setup.unitsInFlight * processes);
  const seconds = Math.max(byLatency, ofSlices / (setup.cores - ofSecond));
  const cpuOf = ({ ofSlice, ofSecond: always, ofProcessSecond }: ServerCosts): number =>
    slices * ofSlice + seconds * (always + processes * ofProcessSecond);
  return {
    ...{ unitsPerSecond: units / seconds, workerCpuSeconds },
    temporalCpuSeconds: cpuOf(costs.temporal),
    databaseCpuSeconds: cpuOf(costs.database),
    ledgerCpuSeconds: cpuOf(costs.ledger),
  };
}

/** The CPU time of all parts of a run. */
export function cpuSecondsOf(run: Omit<Prediction, 'unitsPerSecond'>): number {
  return run.workerCpuSeconds + run.temporalCpuSeconds + run.databaseCpuSeconds + run.ledgerCpuSeconds;
}
