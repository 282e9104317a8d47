import { CommandError } from '../command-error.js';
import { exitStatus } from '../exit-status.js';
import { formatCount } from '../format.js';
import type { DemoRecord } from './demo-directory.js';

/**
 * Refuses, with status 2, a demo of another size than the earlier ones: its blobs would lie in the same containers, and a unit would
 * also select blobs left by a demo of another size.
 */
export function refuseOtherSize(records: readonly DemoRecord[], units: number): void {
  const other = records.find((record) => record.units !== units);
  if (other === undefined) return;
  throw new CommandError(
    exitStatus.usage,
    `A demo of ${formatCount(units)} units cannot be made beside ${other.name}, which has ${formatCount(other.units)}: their blobs would mix`,
    {
      next: `use --units ${String(other.units)}, or --fresh to delete the data of earlier demos first`,
    },
  );
}
