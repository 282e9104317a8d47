import { median } from '../../lib/measure.mjs';
import type { RunFigures } from '../measure/measure-run.js';
import type { RowResult } from '../results.js';

/** The medians of the runs of a row, in the units of the table. */
export interface RowSummary {
  readonly units: number;
  readonly wallSeconds: number;
  readonly unitsPerSecond: number;
  readonly blobsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly cpuMsPerBlob: number;
  readonly unitsPerCpuSecond: number;
  readonly storesCpuMsPerBlob: number;
  readonly peakBytes: number;
  readonly processes: number;
  readonly targetBytes: number;
}

/** Returns the medians of a row, or undefined if it has not run. */
export function summariseRow({ runs }: Pick<RowResult, 'runs'>): RowSummary | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const of = (figure: (run: RunFigures) => number): number => median(runs.map(figure));
  return {
    units: first.units,
    wallSeconds: of(({ wallSeconds }) => wallSeconds),
    unitsPerSecond: of(({ units, wallSeconds }) => units / wallSeconds),
    blobsPerSecond: of(({ blobs, wallSeconds }) => blobs / wallSeconds),
    bytesPerSecond: of(({ bytes, wallSeconds }) => bytes / wallSeconds),
    userSeconds: of(({ userSeconds }) => userSeconds),
    systemSeconds: of(({ systemSeconds }) => systemSeconds),
    cpuMsPerBlob: of((run) => (cpuSeconds(run) / run.blobs) * 1_000),
    unitsPerCpuSecond: of((run) => run.units / cpuSeconds(run)),
    storesCpuMsPerBlob: of(({ storesCpuSeconds, blobs }) => (storesCpuSeconds / blobs) * 1_000),
    peakBytes: of(({ peakBytes }) => peakBytes),
    processes: of(({ processesMax }) => processesMax),
    targetBytes: of(({ targetBytes }) => targetBytes),
  };
}

function cpuSeconds({ userSeconds, systemSeconds }: RunFigures): number {
  return userSeconds + systemSeconds;
}
