import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
} from '../screen/format.js';
import type { ProgressFrame } from '../screen/progress-view.js';
import type { StatusDocument } from './status-document.js';

/** Draws where a migration stands: units, blobs, bytes in and out, rates, time left, and what blocks it. */
export function migrationFrame(document: StatusDocument): ProgressFrame {
  const { units, blobs, bytes, rate, phase, etaSeconds } = document;
  const finished = units.done + units.empty + units.failed;
  const share = formatShare(units.total === 0 ? 0 : finished / units.total);
  const counts = `${formatCount(finished)} of ${formatCount(units.total)} units (${share})${exceptions(document)}`;
  const eta = etaSeconds === null ? '' : `ETA ${formatDuration(etaSeconds * 1_000)}`;
  const blobsText = `${formatCount(blobs.done)} blobs at ${formatPerSecond(rate.blobsPerSecond)}`;
  const source = `${formatBytes(bytes.source)} in at ${formatByteRate(rate.sourceBytesPerSecond)}`;
  const target = `${formatBytes(bytes.target)} out at ${formatByteRate(targetRate(document))}`;
  const blocked = blockedLines(document);
  return {
    done: finished,
    total: units.total,
    head: `${phase}: ${counts}`,
    rows: [`  ${[blobsText, source, target, eta].filter((text) => text !== '').join('   ')}`, ...blocked.map(indented)],
    line: [`${phase}: ${counts}`, blobsText, `${source}, ${target}`, eta, ...blocked]
      .filter((text) => text !== '')
      .join('; '),
  };
}

/**
 * Returns a line for each thing that blocks units: `blocked: account east (SourceAuth): the key was refused, 12 units
 * wait`.
 */
export function blockedLines({ blocked }: Pick<StatusDocument, 'blocked'>): readonly string[] {
  return blocked.map(
    ({ what, class: failureClass, message, units }) =>
      `blocked: ${what} (${failureClass}): ${message}${units === 0 ? '' : `, ${formatCount(units)} units wait`}`,
  );
}

/** Bytes written per second, assuming that the last minute's objects compress like all others. */
function targetRate({ bytes, rate }: StatusDocument): number {
  return bytes.source === 0 ? 0 : (rate.sourceBytesPerSecond * bytes.target) / bytes.source;
}

function exceptions({ units }: StatusDocument): string {
  const parts = [
    [units.found, 'found'],
    [units.empty, 'empty'],
    [units.failed, 'failed'],
  ] as const;
  return parts.map(([count, name]) => (count === 0 ? '' : `, ${formatCount(count)} ${name}`)).join('');
}

const indented = (line: string): string => `  ${line}`;
