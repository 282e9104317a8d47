import { markdownTable } from '../../lib/markdown.mjs';
import type { Results } from '../results.js';
import type { Titles } from './bakeoff-tables.js';
import { summariseRow } from './summarise-row.js';

const rowNames = ['longhaul', 'threads', 'processes', 'serial', 'rclone', 'bare-loop', 'codecs'];

/** Returns the few rows that the README shows: speed, CPU time and memory. */
export function readmeTable(results: Results, titles: Titles): string {
  const lines = rowNames.flatMap((name) => {
    const result = results.rows.find((row) => row.name === name);
    const summary = result && summariseRow(result);
    if (summary === undefined) return [];
    return [
      [
        titles.get(name) ?? name,
        name === 'codecs' ? '' : summary.blobsPerSecond.toFixed(0),
        `${summary.cpuMsPerBlob.toFixed(2)} ms`,
        name === 'codecs' ? '' : `${(summary.peakBytes / 1e6).toFixed(0)} MB`,
      ],
    ];
  });
  const head = [`${results.listUnits.toLocaleString('en-US')} units`, 'blobs/s', 'CPU a blob', 'peak memory'];
  return markdownTable(head, lines);
}
