import { partitionId, rangeLabel } from '../../domain/ids.js';
import { partitionSlices, type Layout } from '../../domain/layout.js';

/** Returns what the Web UI shows of a partition: its range of units, its number, and its size. */
export function partitionLabels(
  layout: Layout,
  partition: number,
): { readonly summary: string; readonly details: string } {
  const slices = partitionSlices(layout, partition);
  const units = partitionUnits(layout, partition);
  const range = rangeLabel(slices[0]?.firstUnit ?? 0, units);
  return {
    summary: `${partitionId(partition)}: ${range}`,
    details: [
      `**Partition ${String(partition + 1)} of ${String(layout.partitions)}**, ${range} of ${String(layout.units)}`,
      '',
      `- ${String(slices.length)} slices of at most ${String(layout.unitsPerSlice)} units, one activity each`,
      '- receipts of its units: the ledger of this partition under the control prefix',
    ].join('\n'),
  };
}

/** Returns the number of units of a partition. */
export function partitionUnits(layout: Layout, partition: number): number {
  return partitionSlices(layout, partition).reduce((sum, slice) => sum + slice.units, 0);
}
