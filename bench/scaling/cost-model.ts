import type { RunFigures, Workload } from './scaling-run.js';

/** What things cost, fitted to measured runs. Times are seconds of CPU, except the last two. */
export interface Costs {
  readonly workerOfSlice: number;
  readonly workerOfUnit: number;
  readonly workerOfBlob: number;
  readonly temporalOfSlice: number;
  /** For each second of a process that moves slices: mainly heartbeats. */
  readonly temporalOfProcessSecond: number;
  readonly databaseOfSlice: number;
  readonly databaseOfProcessSecond: number;
  /** How long a unit is in flight by the clock, without its blobs, and how much longer for each of them. */
  readonly secondsOfUnit: number;
  readonly secondsOfBlob: number;
}

/** What a run is expected to take. */
export interface Prediction {
  readonly seconds: number;
  readonly workerCpuSeconds: number;
  readonly temporalCpuSeconds: number;
  readonly databaseCpuSeconds: number;
}

/** Fits the costs to runs by least squares, with equal weights. No cost is below zero. */
export function fitCosts(runs: readonly RunFigures[], unitsInFlight: number): Costs {
  const processSeconds = (run: RunFigures): number => run.processes * run.seconds;
  const worker = fit(
    runs,
    (run) => [run.slices, run.units, run.units * run.blobsOfUnit],
    (run) => run.workerCpuSeconds,
  );
  const temporal = fit(
    runs,
    (run) => [run.slices, processSeconds(run)],
    (run) => run.temporalCpuSeconds,
  );
  const database = fit(
    runs,
    (run) => [run.slices, processSeconds(run)],
    (run) => run.databaseCpuSeconds,
  );
  const inFlight = (run: RunFigures): number => (unitsInFlight * run.processes) / run.unitsPerSecond;
  const seconds = fit(runs, (run) => [1, run.blobsOfUnit], inFlight);
  return {
    ...{ workerOfSlice: worker[0]!, workerOfUnit: worker[1]!, workerOfBlob: worker[2]! },
    ...{ temporalOfSlice: temporal[0]!, temporalOfProcessSecond: temporal[1]! },
    ...{ databaseOfSlice: database[0]!, databaseOfProcessSecond: database[1]! },
    ...{ secondsOfUnit: seconds[0]!, secondsOfBlob: seconds[1]! },
  };
}

/**
 * Predicts a run whose processes are limited by latency, not by the cores: this is how runs are measured, and what
 * happens on a machine with enough cores.
 */
export function predict(costs: Costs, run: Workload & { readonly slices: number }, unitsInFlight: number): Prediction {
  const { units, blobsOfUnit, processes, slices } = run;
  const secondsOfUnit = costs.secondsOfUnit + costs.secondsOfBlob * blobsOfUnit;
  const seconds = (units * secondsOfUnit) / (unitsInFlight * processes);
  return {
    seconds,
    workerCpuSeconds:
      slices * costs.workerOfSlice + units * costs.workerOfUnit + units * blobsOfUnit * costs.workerOfBlob,
    temporalCpuSeconds: slices * costs.temporalOfSlice + processes * seconds * costs.temporalOfProcessSecond,
    databaseCpuSeconds: slices * costs.databaseOfSlice + processes * seconds * costs.databaseOfProcessSecond,
  };
}

/** Least squares of relative errors. A term that would be negative is left at zero. */
function fit<Run>(
  runs: readonly Run[],
  termsOf: (run: Run) => readonly number[],
  valueOf: (run: Run) => number,
): readonly number[] {
  const rows = runs.filter((run) => valueOf(run) > 0).map((run) => termsOf(run).map((term) => term / valueOf(run)));
  const count = termsOf(runs[0]!).length;
  let kept = Array.from({ length: count }, (_unused, term) => term);
  while (kept.length > 0 && rows.length > 0) {
    const solution = solve(
      kept.map((a) => kept.map((b) => sum(rows.map((row) => row[a]! * row[b]!)))),
      kept.map((a) => sum(rows.map((row) => row[a]!))),
    );
    // If the runs do not distinguish two terms, there is no solution with both.
    const senseless = solution.findIndex((value) => !Number.isFinite(value));
    const lowest = senseless === -1 ? solution.indexOf(Math.min(...solution)) : senseless;
    if (solution[lowest]! >= 0) {
      return Array.from({ length: count }, (_unused, term) => solution[kept.indexOf(term)] ?? 0);
    }
    kept = kept.filter((_term, position) => position !== lowest);
  }
  return Array.from({ length: count }, () => 0);
}

/** Solves a small system of linear equations by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    const sizes = rows.map((row, index) => (index < pivot ? -1 : Math.abs(row[pivot]!)));
    const best = sizes.indexOf(Math.max(...sizes));
    if (best === -1) return rows.map(() => Number.NaN);
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    for (const [index, row] of rows.entries()) {
      if (index === pivot) continue;
      const factor = row[pivot]! / rows[pivot]![pivot]!;
      rows[index] = row.map((value, column) => value - factor * rows[pivot]![column]!);
    }
  }
  return rows.map((row, index) => row.at(-1)! / row[index]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
