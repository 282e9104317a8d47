import { plannedMigration, verifiedMigration } from '../../domain/ids.js';
import type { Rate } from '../../domain/figures/progress.js';
import { formatByteRate, formatBytes, formatCount, formatPerSecond } from '../../domain/text/format.js';
import type { StatusDocument } from './status-document.js';

type Counted = Pick<StatusDocument, 'name' | 'blobs' | 'bytes'>;

/**
 * Says how much was moved: `4,021 blobs at 312.5/s`, `41.0 MB in at 3.2 MB/s`, `39.8 MB out at 3.1 MB/s`, or without
 * the speed. A plan only finds blobs, and a verification only reads objects back.
 */
export function amountParts({ name, blobs, bytes }: Counted, rate: Rate | undefined): readonly string[] {
  const at = (speed: string): string => (rate === undefined ? '' : ` at ${speed}`);
  if (verifiedMigration(name) !== undefined) return [`${formatBytes(bytes.target)} read back`];
  const found = `${formatCount(blobs.done)} blobs${at(formatPerSecond(rate?.blobsPerSecond ?? 0))}`;
  if (plannedMigration(name) !== undefined) return [found, `${formatBytes(bytes.source)} in them`];
  const source = rate?.sourceBytesPerSecond ?? 0;
  // Assuming that the last minute's objects compress like all others.
  const target = bytes.source === 0 ? 0 : (source * bytes.target) / bytes.source;
  return [
    found,
    `${formatBytes(bytes.source)} in${at(formatByteRate(source))}`,
    `${formatBytes(bytes.target)} out${at(formatByteRate(target))}`,
  ];
}

/** Says the same in the lines of a status, each with its name. */
export function amountLines({ name, blobs, bytes }: Counted): readonly string[] {
  const uncompressed = `${formatBytes(bytes.raw)} uncompressed`;
  if (verifiedMigration(name) !== undefined) {
    return [`  bytes   ${formatBytes(bytes.target)} read back, ${uncompressed}`];
  }
  const moved = `${formatBytes(bytes.source)} in, ${uncompressed}, ${formatBytes(bytes.target)} out`;
  const isPlan = plannedMigration(name) !== undefined;
  return [
    `  blobs   ${formatCount(blobs.done)}`,
    `  bytes   ${isPlan ? `${formatBytes(bytes.source)} in them` : moved}`,
  ];
}

/** Says how fast it is: `31.2 units/s, 312.5 blobs/s, 3.2 MB/s in`. */
export function speedText({ name }: Pick<Counted, 'name'>, rate: Rate): string {
  const units = formatPerSecond(rate.unitsPerSecond, 'units');
  if (verifiedMigration(name) !== undefined) return units;
  const blobs = formatPerSecond(rate.blobsPerSecond, 'blobs');
  if (plannedMigration(name) !== undefined) return `${units}, ${blobs}`;
  return `${units}, ${blobs}, ${formatByteRate(rate.sourceBytesPerSecond)} in`;
}
