import { partitionId, rangeLabel, roundId } from '../../domain/ids.js';
import { partitionSlices, type Layout } from '../../domain/layout.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import { escapeMarkdown } from '../../domain/text/escape-markdown.js';
import type { MigrationInput } from '../messages.js';

interface PartitionLabels {
  readonly summary: string;
  readonly details: string;
}

/**
 * Returns what the Web UI shows about a partition: its range of units, its number and size, and where its ledger is.
 */
export function partitionLabels(
  { control, round }: MigrationInput,
  layout: Layout,
  partition: number,
): PartitionLabels {
  const slices = partitionSlices(layout, partition);
  const units = partitionUnits(layout, partition);
  const folder = `${roundId(round)}/ledger/${partitionId(partition)}`;
  const ledger = `s3://${control.bucket}/${controlBase(control)}/${folder}/`;
  const range = rangeLabel(slices[0]?.firstUnit ?? 0, units);
  return {
    summary: `${partitionId(partition)}: ${range}`,
    details: [
      `**Partition ${String(partition + 1)} of ${String(layout.partitions)}**, ${range} of ${String(layout.units)}`,
      '',
      `- ${String(slices.length)} slices of at most ${String(layout.unitsPerSlice)} units, one activity each`,
      `- ledger: ${escapeMarkdown(ledger)}`,
    ].join('\n'),
  };
}

/** Returns the number of units of a partition. */
export function partitionUnits(layout: Layout, partition: number): number {
  return partitionSlices(layout, partition).reduce((sum, slice) => sum + slice.units, 0);
}
