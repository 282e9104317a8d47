import { expect, it } from 'vitest';
import type { RealData } from '../../../bench/scaling/report/real-data.js';
import { sizeOf, timeOf, type Fleet } from '../../../bench/scaling/report/sizing.js';
import { sizingTables } from '../../../bench/scaling/report/sizing-tables.js';
import type { RunFigures, ScalingResults } from '../../../bench/scaling/scaling-run.js';

const slices = 512;
const workflows = 129;
const run: RunFigures = {
  ...{ units: 4_096, blobsOfUnit: 1, processes: 2, slices, seconds: 20, unitsPerSecond: 250 },
  ...{ workerCpuSeconds: 6, temporalCpuSeconds: 5, databaseCpuSeconds: 4, ledgerCpuSeconds: 2 },
  ...{ workflows, events: 12 * workflows + 8 * slices, actions: 2 * workflows + slices },
  ...{ databaseBytes: 4_000 * slices, unitHeads: 4_096, ledgerRequests: 4 * slices },
  ...{ workerMiB: 280, temporalMiB: 400, databaseMiB: 90 },
};
const results: ScalingResults = {
  ...{ format: 1, at: '2026-11-28', machine: '2 cores, some', cores: 2, latencyMs: 30, unitsInFlight: 16 },
  ...{ scaling: [run, { ...run, processes: 4, unitsPerSecond: 500, seconds: 10 }], fitted: [], checked: [] },
};
const real: RealData = {
  ...{ command: 'npm run bench -- bakeoff', units: 5_000, cores: 2, unitsPerSecond: 40, cpuSecondsOfUnit: 0.037 },
  ...{ blobsOfUnit: 10, listsOfUnit: 1.25, peakBytes: 1.2e9 },
};
const fleetOf = (hosts: number, coresOfHost: number): Fleet => ({ title: '', hosts, coresOfHost });

it('counts follow from the slices and workflows of a layout', () => {
  expect(sizeOf(1_000_000, results, real)).toMatchObject({
    ...{ workflows: 251, events: 251 * 12 + 1_000 * 8, actions: 251 * 2 + 1_000 },
    ...{ databaseBytes: 4e6, ledgerRequests: 4_000, heads: 1e6, puts: 1e6, reads: 1e7, lists: 1.25e6 },
  });
});

it('requests cost what the price list says', () => {
  const reads = 1e7 * (0.005 / 10_000);
  const lists = 1.25e6 * (0.055 / 10_000);
  const target = 1_004_000 * (0.005 / 1_000) + 1e6 * (0.0004 / 1_000);
  expect(sizeOf(1_000_000, results, real).requestsCost).toBeCloseTo(reads + lists + target, 6);
});

it('heartbeats follow from the hours of work, and cost less the more there are', () => {
  const { beats, coreHours, cloudCost } = sizeOf(100_000_000, results, real);
  expect(coreHours).toBeCloseTo(100_000_000 / 20 / 3_600, 6);
  expect(beats).toBeCloseTo(coreHours * 3_600 * 0.8, 6);
  // 4 million heartbeats and 101,000 actions are within the first five million.
  expect(cloudCost).toBeCloseTo(((beats + 2 * 501 + 100_000) / 1e6) * 50, 6);
  const more = sizeOf(200_000_000, results, real);
  expect(more.cloudCost).toBeCloseTo(250 + ((more.beats + 2 * 501 + 200_000 - 5e6) / 1e6) * 45, 6);
});

it('a fleet is as fast as its cores, while there are slices for them', () => {
  expect(timeOf(200_000_000, fleetOf(1, 2), results, real)).toMatchObject({ busy: 2, seconds: 5_000_000 });
  expect(timeOf(200_000_000, fleetOf(100, 8), results, real)).toMatchObject({ busy: 800, seconds: 12_500 });
  expect(timeOf(1_000, fleetOf(100, 8), results, real).busy).toBe(125);
  expect(timeOf(200_000_000, fleetOf(1_000, 8), results, real).busy).toBe(1_000);
});

it('the servers take what slices cost, and heartbeats', () => {
  const few = timeOf(200_000_000, fleetOf(1, 2), results, real);
  const many = timeOf(200_000_000, fleetOf(100, 8), results, real);
  expect(many.temporalCores).toBeGreaterThan(few.temporalCores * 100);
  expect(few.temporalCores).toBeGreaterThan((200_000 * 0.001) / few.seconds);
});

it('every figure beyond what was measured is marked', () => {
  const tables = sizingTables(results, real);
  const [, counts = '', money = '', time = ''] = tables.split('###');
  const rowOf = (table: string, units: string): string =>
    table.split('\n').find((line) => line.startsWith(`| ${units} `)) ?? '';
  const marks = (table: string, units: string): number => rowOf(table, units).match(/≈/g)?.length ?? 0;
  // The layout and the puts are computed as the program computes them, so they bear no mark.
  expect(marks(counts, '1,000')).toBe(0);
  expect(marks(counts, '10,000')).toBe(4);
  expect(marks(money, '1,000')).toBe(2);
  expect(marks(money, '200,000,000')).toBe(7);
  expect(marks(time, '1,000')).toBe(4);
  expect(marks(time, '10,000')).toBe(5);
});
