import { expect, it } from 'vitest';
import type { RunFigures } from '../../../bench/bakeoff/measure/measure-run.js';
import { barChart } from '../../../bench/bakeoff/report/bar-chart.js';
import { bakeoffCharts } from '../../../bench/bakeoff/report/bakeoff-charts.js';
import { bakeoffTables, storyTable } from '../../../bench/bakeoff/report/bakeoff-tables.js';
import { readmeTable } from '../../../bench/bakeoff/report/readme-table.js';
import { withRow, type Results, type RowResult } from '../../../bench/bakeoff/results.js';

const run: RunFigures = {
  ...{ units: 1_000, blobs: 10_000, bytes: 100e6, wallSeconds: 40, userSeconds: 45, systemSeconds: 5 },
  ...{ peakBytes: 700e6, processesMax: 6, storesCpuSeconds: 20, lists: 3_000, reads: 10_000, targetBytes: 150e6 },
  ...{ written: 160e6, phases: [{ name: 'move', seconds: 38, cpuSeconds: 45 }] },
  parts: [
    { name: 'worker processes', userSeconds: 40, systemSeconds: 4, peakBytes: 500e6, processesMax: 2 },
    { name: 'Temporal', userSeconds: 5, systemSeconds: 1, peakBytes: 200e6, processesMax: 1 },
  ],
};
const about = { at: '2026-11-27T20:00', machine: '2 cores', lines: 0, dependencies: 100 };
const rows: readonly RowResult[] = [
  {
    ...{ ...about, name: 'longhaul', runs: [run, { ...run, wallSeconds: 50 }, { ...run, wallSeconds: 10 }] },
    killed: {
      ...{ units: 500, readBefore: 2_500, readAgain: 50, bytesAgain: 500_000 },
      ...{ requests: 9_750, written: 80e6, secondsAfter: 30 },
    },
  },
  { ...about, name: 'serial', lines: 70, runs: [{ ...run, units: 100, blobs: 1_000, bytes: 10e6, wallSeconds: 48 }] },
  { ...about, name: 'threads', runs: [], notRun: 'there is no python3' },
];
const results: Results = { format: 1, listUnits: 1_000, latencyMs: 30, command: 'npm run bench', rows };
const titles = new Map([
  ['longhaul', 'Longhaul'],
  ['serial', 'one after the other'],
  ['threads', 'threads'],
]);
const cellsOf = (text: string, title: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`| ${title} `))
    .map((line) => line.split('|').map((cell) => cell.trim()));

it('shows medians, and ratios to Longhaul', () => {
  const [speed, cost] = cellsOf(bakeoffTables(results, titles), 'Longhaul');
  expect(speed?.slice(2, -1)).toEqual(['40 s', '25.0', '250', '2.50 MB', '1.00', '700 MB']);
  expect(cost?.slice(2, -1)).toEqual(['45.0 s', '5.0 s', '5.00 ms', '1.00', '20.0', '2.00 ms', '150 MB']);
});

it('multiplies what was measured on a part of the list, and says so', () => {
  const [speed] = cellsOf(bakeoffTables(results, titles), 'one after the other');
  expect(speed?.[2]).toBe('≈ 8 min 0 s (from 100 units)');
});

it('says what was done again after a kill, and why a row was not run', () => {
  const text = bakeoffTables(results, titles);
  expect(cellsOf(text, 'Longhaul').at(-1)?.slice(2, -1)).toEqual([
    ...['500', '2 % (50 of 2500)', '0.50 MB', '1.50', '1.00', '30 s'],
  ]);
  expect(text).toContain('- threads: not run, since there is no python3.');
});

it('shows the CPU time and memory of each process of Longhaul, and of each phase', () => {
  const text = bakeoffTables(results, titles);
  expect(cellsOf(text, 'worker processes')[0]?.slice(2, -1)).toEqual(['40.0 s', '4.0 s', '4.40 ms', '500 MB']);
  expect(cellsOf(text, 'to move')[0]?.slice(2, -1)).toEqual(['38.0 s', '45.0 s', '4.50 ms']);
});

it('shows the figures of the story beside ours', () => {
  expect(cellsOf(storyTable(results, titles), 'a serial script')[0]?.slice(2, -1)).toEqual([
    ...['20 min 0 s', '0.4 Mbit/s', '≈ 8 min 0 s (from 100 units)', '1.7 Mbit/s'],
  ]);
});

it('draws a bar for each row that ran, as long as its value', () => {
  const charts = bakeoffCharts(results, titles);
  expect([...charts.keys()]).toEqual(['speed-1000.svg', 'cpu-1000.svg', 'memory-1000.svg']);
  const widths = [...(charts.get('speed-1000.svg') ?? '').matchAll(/<rect[^>]* width="([\d.]+)"/g)];
  expect(widths).toHaveLength(2);
  const [longhaul = 0, serial = 0] = widths.map(([, width]) => Number(width));
  expect(longhaul / serial).toBeCloseTo(250 / (1_000 / 48), 0);
});

it('escapes what a chart says', () => {
  const svg = barChart('a < b', [{ label: 'x & y', value: 0, text: '0', isOurs: false }]);
  expect(svg).toContain('a &lt; b');
  expect(svg).toContain('x &amp; y');
});

it('gives the README the rows that it shows, if they ran, with ratios and the command', () => {
  const text = readmeTable(results, titles);
  expect(text.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(4);
  expect(cellsOf(text, 'one after the other')[0]?.slice(2, -1)).toEqual(['21', '0.08', '50.00 ms', '10.00', '700 MB']);
  expect(text).toContain('Medians of 3 runs of `npm run bench`.');
});

it('replaces a row that is measured again, in the order of the table', () => {
  const again = withRow(results, { ...about, name: 'serial', runs: [run] }, ['serial', 'longhaul', 'threads']);
  expect(again.rows.map(({ name }) => name)).toEqual(['serial', 'longhaul', 'threads']);
  expect(again.rows[0]?.runs).toEqual([run]);
});
