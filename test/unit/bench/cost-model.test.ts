import { expect, it } from 'vitest';
import { fitCosts, predict, type Costs } from '../../../bench/scaling/cost-model.js';
import type { RunFigures, Workload } from '../../../bench/scaling/scaling-run.js';

const setup = { cores: 64, unitsInFlight: 16 };
const costs: Costs = {
  ...{ workerOfProcess: 0.9, workerOfSlice: 0.02, workerOfUnit: 0.0007, workerOfBlob: 0.0003 },
  temporal: { ofSlice: 0.015, ofSecond: 0.02, ofProcessSecond: 0.004 },
  database: { ofSlice: 0.01, ofSecond: 0.01, ofProcessSecond: 0.002 },
  ledger: { ofSlice: 0.005, ofSecond: 0, ofProcessSecond: 0.001 },
  ...{ secondsOfUnit: 0.1, secondsOfBlob: 0.03 },
};

/** The figures of a run that costs just what the model says. */
function runOf(units: number, blobsOfUnit: number, processes: number, slices = 512): RunFigures {
  const workload: Workload & { readonly slices: number } = { units, blobsOfUnit, processes, slices };
  const figures = predict(costs, workload, setup);
  return {
    ...{ ...workload, ...figures, seconds: units / figures.unitsPerSecond },
    ...{ workflows: 129, events: 4_000, actions: 800, databaseBytes: 1e6, unitHeads: 0, ledgerRequests: 2_000 },
    ...{ workerMiB: 300, temporalMiB: 200, databaseMiB: 100 },
  };
}

const runs = [
  ...[runOf(4_096, 1, 1), runOf(4_096, 1, 2), runOf(20_480, 1, 4), runOf(4_096, 6, 4)],
  ...[runOf(8_192, 2, 1), runOf(2_048, 1, 2, 256)],
];

it('costs are found again from runs that follow them', () => {
  const { temporal, database, ledger, ...others } = fitCosts(runs, setup);
  for (const [name, value] of Object.entries(others))
    expect(value, name).toBeCloseTo(costs[name as keyof typeof others], 8);
  for (const [name, server] of Object.entries({ temporal, database, ledger })) {
    const expected = costs[name as 'temporal'];
    expect(server.ofSlice, name).toBeCloseTo(expected.ofSlice, 8);
    expect(server.ofSecond, name).toBeCloseTo(expected.ofSecond, 8);
    expect(server.ofProcessSecond, name).toBeCloseTo(expected.ofProcessSecond, 8);
  }
});

it('a run that was not fitted is predicted', () => {
  const other = runOf(12_288, 3, 3);
  const predicted = predict(fitCosts(runs, setup), other, setup);
  expect(predicted.unitsPerSecond).toBeCloseTo(other.unitsPerSecond, 6);
  expect(predicted.workerCpuSeconds).toBeCloseTo(other.workerCpuSeconds, 6);
  expect(predicted.databaseCpuSeconds).toBeCloseTo(other.databaseCpuSeconds, 6);
});

it('where all cores are busy, they and not latency say how fast it is', () => {
  const run = { units: 8_192, blobsOfUnit: 1, slices: 512, processes: 32 };
  const fast = predict(costs, run, setup);
  const { unitsPerSecond, ...cpu } = predict(costs, run, { ...setup, cores: 1 });
  expect(unitsPerSecond).toBeLessThan(fast.unitsPerSecond / 10);
  const cores = Object.values(cpu).reduce((sum, each) => sum + each, 0) / (run.units / unitsPerSecond);
  expect(cores).toBeCloseTo(1, 6);
});

it('a run that waited for the cores does not say how long a unit is in flight', () => {
  const slow = { ...runOf(4_096, 1, 8), unitsPerSecond: 10, seconds: 0.1 };
  expect(fitCosts([...runs, slow], setup).secondsOfUnit).toBeCloseTo(costs.secondsOfUnit, 8);
});

it('a cost that would be negative is none', () => {
  const odd = runs.map((run) => ({
    ...run,
    workerCpuSeconds: run.processes + run.units * (0.001 + 0.0003 * run.blobsOfUnit) - 0.001 * run.slices,
  }));
  const fitted = fitCosts(odd, setup);
  expect(fitted.workerOfSlice).toBe(0);
  expect(fitted.workerOfUnit).toBeGreaterThan(0);
});

it('a server with an embedded database costs nothing for a separate one', () => {
  const local = runs.map((run) => ({ ...run, databaseCpuSeconds: 0 }));
  expect(fitCosts(local, setup).database).toEqual({ ofSlice: 0, ofSecond: 0, ofProcessSecond: 0 });
});
