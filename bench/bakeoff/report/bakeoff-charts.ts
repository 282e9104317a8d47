import type { Results } from '../results.js';
import { barChart } from './bar-chart.js';
import type { Titles } from './bakeoff-tables.js';
import { summariseRow, type RowSummary } from './summarise-row.js';

interface Chart {
  readonly name: string;
  readonly title: string;
  readonly value: (summary: RowSummary) => number;
  readonly text: (value: number) => string;
}

const charts: readonly Chart[] = [
  {
    ...{ name: 'speed', title: 'Blobs a second' },
    ...{ value: ({ blobsPerSecond }) => blobsPerSecond, text: (value) => value.toFixed(0) },
  },
  {
    ...{ name: 'cpu', title: 'CPU time of a blob, all processes' },
    ...{ value: ({ cpuMsPerBlob }) => cpuMsPerBlob, text: (value) => `${value.toFixed(2)} ms` },
  },
  {
    ...{ name: 'memory', title: 'Peak memory, all processes' },
    ...{ value: ({ peakBytes }) => peakBytes / 1e6, text: (value) => `${value.toFixed(0)} MB` },
  },
];

/** Returns the charts of one list: the name of each and its SVG. C without a network has no speed to compare. */
export function bakeoffCharts(results: Results, titles: Titles): ReadonlyMap<string, string> {
  const rows = results.rows.flatMap((result) => {
    const summary = summariseRow(result);
    return summary === undefined ? [] : [{ name: result.name, label: titles.get(result.name) ?? result.name, summary }];
  });
  return new Map(
    charts.map(({ name, title, value, text }) => {
      const shown = rows.filter((row) => name === 'cpu' || row.name !== 'codecs');
      const bars = shown.map((row) => ({
        label: row.label,
        value: value(row.summary),
        text: text(value(row.summary)),
        isOurs: row.name.startsWith('longhaul'),
      }));
      const list = `${results.listUnits.toLocaleString('en-US')} units`;
      return [`${name}-${String(results.listUnits)}.svg`, barChart(`${title}; ${list}`, bars)];
    }),
  );
}
