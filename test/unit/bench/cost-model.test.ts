import { expect, it } from 'vitest';
import { fitCosts, predict, type Costs } from '../../../bench/scaling/cost-model.js';
import type { RunFigures, Workload } from '../../../bench/scaling/scaling-run.js';

const unitsInFlight = 16;
const costs: Costs = {
  ...{ workerOfSlice: 0.02, workerOfUnit: 0.0007, workerOfBlob: 0.0003 },
  ...{ temporalOfSlice: 0.015, temporalOfProcessSecond: 0.004 },
  ...{ databaseOfSlice: 0.01, databaseOfProcessSecond: 0.002 },
  ...{ secondsOfUnit: 0.1, secondsOfBlob: 0.03 },
};

/** The figures of a run that costs just what the model says. */
function runOf(units: number, blobsOfUnit: number, processes: number): RunFigures {
  const workload: Workload & { readonly slices: number } = { units, blobsOfUnit, processes, slices: 512 };
  const figures = predict(costs, workload, unitsInFlight);
  return {
    ...{ ...workload, ...figures, unitsPerSecond: units / figures.seconds },
    ...{ ledgerCpuSeconds: 1, workflows: 129, events: 4_000, databaseBytes: 1e6, workerMiB: 300 },
  };
}

const runs = [runOf(4_096, 1, 2), runOf(20_480, 1, 4), runOf(4_096, 6, 4), runOf(8_192, 2, 1)];

it('costs are found again from runs that follow them', () => {
  const fitted = fitCosts(runs, unitsInFlight);
  for (const [name, value] of Object.entries(costs) as [keyof Costs, number][]) {
    expect(fitted[name], name).toBeCloseTo(value, 8);
  }
});

it('a run that was not fitted is predicted', () => {
  const other = runOf(12_288, 3, 3);
  const { seconds, workerCpuSeconds } = predict(fitCosts(runs, unitsInFlight), other, unitsInFlight);
  expect(seconds).toBeCloseTo(other.seconds, 6);
  expect(workerCpuSeconds).toBeCloseTo(other.workerCpuSeconds, 6);
});

it('a cost that would be negative is none', () => {
  const odd = runs.map((run) => ({ ...run, workerCpuSeconds: run.units * (0.001 + 0.0003 * run.blobsOfUnit) - 0.5 }));
  const fitted = fitCosts(odd, unitsInFlight);
  expect(fitted.workerOfSlice).toBe(0);
  expect(fitted.workerOfUnit).toBeGreaterThan(0);
});

it('a server with an embedded database costs nothing for a separate one', () => {
  const local = runs.map((run) => ({ ...run, databaseCpuSeconds: 0 }));
  expect(fitCosts(local, unitsInFlight)).toMatchObject({ databaseOfSlice: 0, databaseOfProcessSecond: 0 });
});
