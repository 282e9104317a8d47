import type { Row } from './rows/row.js';

/** What is to be measured of one row. */
export interface Work {
  readonly row: Pick<Row, 'secondsPerUnit' | 'killedUnits' | 'result'>;
  readonly units: number;
  readonly runs: number;
  readonly kill: boolean;
}

// Starting and ending the stores.
const sceneSeconds = 6;
const verifySecondsPerUnit = 0.006;
// Most programs begin again after a kill, and both starts take time.
const killFactor = 1.6;

/** Returns how many seconds the work takes on two quiet cores, roughly. */
export function estimateSeconds(all: readonly Work[]): number {
  return all.reduce((sum, { row, units, runs, kill }) => {
    const verify = row.result === 'nothing' ? 0 : verifySecondsPerUnit;
    const run = sceneSeconds + units * (row.secondsPerUnit + verify);
    const killed = kill ? 2 * sceneSeconds + (row.killedUnits ?? 0) * row.secondsPerUnit * killFactor : 0;
    return sum + runs * run + killed;
  }, 0);
}
