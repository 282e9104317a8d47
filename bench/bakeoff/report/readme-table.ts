import { markdownTable } from '../../lib/markdown.mjs';
import type { Results } from '../results.js';
import type { Titles } from './bakeoff-tables.js';
import { summariseRow } from './summarise-row.js';

const rowNames = ['longhaul', 'threads', 'processes', 'benthos', 'serial', 'rclone', 'bare-loop', 'codecs'];

/** Returns the few rows that the README shows, with ratios to Longhaul, and the command that produced them. */
export function readmeTable(results: Results, titles: Titles): string {
  const of = (name: string) => results.rows.find((row) => row.name === name);
  const longhaul = summariseRow(of('longhaul') ?? { runs: [] });
  const ratio = (value: number, to: number | undefined): string => (to === undefined ? '' : (value / to).toFixed(2));
  const lines = rowNames.flatMap((name) => {
    const result = of(name);
    const summary = result && summariseRow(result);
    if (summary === undefined) return [];
    const { blobsPerSecond, cpuMsPerBlob, peakBytes } = summary;
    const hasNetwork = name !== 'codecs';
    return [
      [
        titles.get(name) ?? name,
        hasNetwork ? blobsPerSecond.toFixed(0) : '',
        hasNetwork ? ratio(blobsPerSecond, longhaul?.blobsPerSecond) : '',
        `${cpuMsPerBlob.toFixed(2)} ms`,
        ratio(cpuMsPerBlob, longhaul?.cpuMsPerBlob),
        hasNetwork ? `${(peakBytes / 1e6).toFixed(0)} MB` : '',
      ],
    ];
  });
  const list = `${results.listUnits.toLocaleString('en-US')} units`;
  const head = [list, 'blobs/s', 'times Longhaul', 'CPU a blob', 'times Longhaul', 'peak memory'];
  const runs = Math.max(...results.rows.map((row) => row.runs.length));
  const counted = runs === 1 ? 'One run' : `Medians of ${String(runs)} runs`;
  const made = `${counted} of \`${results.command}\`. Ratios carry over to`;
  return `${markdownTable(head, lines)}\n${made}\nother machines; the figures do not.\n`;
}
