import { failureClassRow, isFailureClass } from '../../domain/failure-classes.js';
import { isFinalPhase, type Phase } from '../../domain/progress.js';
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
} from '../screen/format.js';
import { blockedLines } from './migration-frame.js';
import type { StatusDocument } from './status-document.js';
import type { Style } from '../ports/text-output.js';

/** Renders where a migration stands, for people. `nowMs` tells how long ago it began. */
export function renderStatus(document: StatusDocument, style: Style, nowMs: number): string {
  return [
    `${style.bold(document.name)}  ${paintPhase(document.phase, style)}${since(document, nowMs)}`,
    ...failureLines(document, style),
    ...figureLines(document),
    ...blockedLines(document).map((line) => `  ${style.warn(line)}`),
    ...(document.webUi === null ? [] : [`  Web UI  ${document.webUi}`]),
  ].join('\n');
}

function paintPhase(phase: Phase, style: Style): string {
  if (phase === 'completed') return style.good(phase);
  if (phase === 'failed' || phase === 'completed-with-failures') return style.bad(phase);
  return phase === 'blocked' || phase === 'paused' || phase === 'cancelled' ? style.warn(phase) : phase;
}

function since({ phase, startedAt, endedAt }: StatusDocument, nowMs: number): string {
  if (startedAt === null) return '';
  if (endedAt !== null) return ` after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}, ${endedAt}`;
  return isFinalPhase(phase) ? '' : ` for ${formatDuration(Math.max(nowMs - Date.parse(startedAt), 0))}`;
}

function failureLines({ failure }: StatusDocument, style: Style): readonly string[] {
  if (failure === undefined) return [];
  const { text, next } = failureWords(failure);
  return [style.bad(`  ${text}`), ...(next === null ? [] : [`  next: ${next}`])];
}

/** Says why a migration failed and, if its class tells, what to do next. */
export function failureWords({ class: failureClass, message }: NonNullable<StatusDocument['failure']>): {
  readonly text: string;
  readonly next: string | null;
} {
  const isKnown = failureClass !== null && isFailureClass(failureClass);
  return {
    text: failureClass === null ? message : `${failureClass}: ${message}`,
    next: isKnown ? failureClassRow(failureClass).hint : null,
  };
}

function figureLines({ units, blobs, bytes, rate, etaSeconds, phase }: StatusDocument): readonly string[] {
  const finished = units.done + units.empty + units.failed;
  const share = units.total === 0 ? 0 : finished / units.total;
  const mean = isFinalPhase(phase) ? ' on average' : '';
  return [
    `  units   ${formatCount(finished)} of ${formatCount(units.total)} (${formatShare(share)}): ` +
      `${formatCount(units.done)} done, of these ${formatCount(units.found)} found; ` +
      `${formatCount(units.empty)} empty; ${formatCount(units.failed)} failed`,
    `  blobs   ${formatCount(blobs.done)}`,
    `  bytes   ${formatBytes(bytes.source)} in, ${formatBytes(bytes.raw)} uncompressed, ` +
      `${formatBytes(bytes.target)} out`,
    `  rate    ${formatPerSecond(rate.unitsPerSecond).replace('/s', ' units/s')}, ` +
      `${formatPerSecond(rate.blobsPerSecond).replace('/s', ' blobs/s')}, ` +
      `${formatByteRate(rate.sourceBytesPerSecond)} in${mean}` +
      (etaSeconds === null ? '' : `, ETA ${formatDuration(etaSeconds * 1_000)}`),
  ];
}
