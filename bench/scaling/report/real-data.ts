import type { Results } from '../../bakeoff/results.js';
import { summariseRow } from '../../bakeoff/report/summarise-row.js';

/** What one unit of real data costs: measured with real stores and codecs, by the bake-off. */
export interface RealData {
  readonly command: string;
  readonly units: number;
  readonly cores: number;
  readonly unitsPerSecond: number;
  readonly cpuSecondsOfUnit: number;
  readonly blobsOfUnit: number;
  readonly listsOfUnit: number;
  /** Of all parts of Longhaul and Temporal. */
  readonly peakBytes: number;
}

/** What such a unit is. */
export const realUnit = 'ten blobs of 10 KB in bzip2, to one gzip object';

/** Returns what the bake-off has measured of Longhaul. */
export function realDataOf({ command, rows }: Results): RealData {
  const row = rows.find(({ name }) => name === 'longhaul');
  const [run] = row?.runs ?? [];
  const summary = row && summariseRow(row);
  if (row === undefined || run === undefined || summary === undefined) throw new Error('Longhaul has no row');
  return {
    ...{ command, units: summary.units, cores: Number.parseInt(row.machine, 10) },
    unitsPerSecond: summary.unitsPerSecond,
    cpuSecondsOfUnit: 1 / summary.unitsPerCpuSecond,
    ...{ blobsOfUnit: run.blobs / run.units, listsOfUnit: run.lists / run.units, peakBytes: summary.peakBytes },
  };
}
