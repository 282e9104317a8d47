import type { Blocked } from '../../domain/progress.js';
import type { UnitFigures } from '../../domain/unit-figures.js';
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
} from '../../domain/text/format.js';
import type { ProgressFrame } from '../screen/progress-view.js';
import type { StatusDocument } from './status-document.js';

/** Draws where a migration stands: units, time left, blobs, bytes in and out, rates, and what blocks it or waits. */
export function migrationFrame(document: StatusDocument): ProgressFrame {
  const { units, overall, blobs, bytes, rate, phase, etaSeconds, round, sincePlan } = document;
  const finished = finishedOf(units);
  const where = round === 0 ? phase : `${phase} (round ${String(round)})`;
  const changed = sincePlan !== undefined && sincePlan.changed > 0;
  const head = [
    `${where}: ${countText(units)}`,
    ...exceptions(units),
    ...(changed ? [`${formatCount(sincePlan.changed)} changed since the plan`] : []),
  ];
  const eta = etaSeconds === null ? [] : [`ETA ${formatDuration(etaSeconds * 1_000)}`];
  const at = (speed: string): string => (phase === 'paused' || phase === 'blocked' ? '' : ` at ${speed}`);
  const figures = [
    `${formatCount(blobs.done)} blobs${at(formatPerSecond(rate.blobsPerSecond))}`,
    `${formatBytes(bytes.source)} in${at(formatByteRate(rate.sourceBytesPerSecond))}`,
    `${formatBytes(bytes.target)} out${at(formatByteRate(targetRate(document)))}`,
  ];
  const whole = round === 0 ? [] : [[`all rounds: ${countText(overall.units)}`, ...exceptions(overall.units)]];
  const troubles = blockedLines(document);
  return {
    done: finished,
    total: units.total,
    head,
    rows: [[...eta, ...figures], ...whole, ...troubles.map((line) => [line])],
    line: [head, ...whole, figures, eta, troubles]
      .filter((parts) => parts.length > 0)
      .map((parts) => parts.join(parts === troubles ? '; ' : ', '))
      .join('; '),
  };
}

/**
 * Returns a line for each thing that blocks units, `blocked: account east (SourceAuth): the key was refused, 12 units
 * wait`, and for each that is tried again, `waiting: …`.
 */
export function blockedLines({ blocked, waiting }: Pick<StatusDocument, 'blocked' | 'waiting'>): readonly string[] {
  return [
    ...blocked.map((each) => troubleLine('blocked', each)),
    ...waiting.map((each) => troubleLine('waiting', each)),
  ];
}

function troubleLine(word: string, { what, class: failureClass, message, since, units }: Blocked): string {
  const oneLine = message.replaceAll(/\s*\n\s*/g, ' ');
  const wait = units === 0 ? '' : `, ${formatCount(units)} units wait`;
  return `${word}: ${what} (${failureClass}): ${oneLine}${wait}, since ${since}`;
}

const finishedOf = ({ done, empty, failed }: UnitFigures): number => done + empty + failed;

function countText(units: UnitFigures): string {
  const finished = finishedOf(units);
  const share = formatShare(units.total === 0 ? 0 : finished / units.total);
  return `${formatCount(finished)} of ${formatCount(units.total)} units (${share})`;
}

/** Bytes written per second, assuming that the last minute's objects compress like all others. */
function targetRate({ bytes, rate }: StatusDocument): number {
  return bytes.source === 0 ? 0 : (rate.sourceBytesPerSecond * bytes.target) / bytes.source;
}

function exceptions({ found, empty, failed }: UnitFigures): readonly string[] {
  const counts = [
    [found, 'found'],
    [empty, 'empty'],
    [failed, 'failed'],
  ] as const;
  return counts.filter(([count]) => count > 0).map(([count, name]) => `${formatCount(count)} ${name}`);
}
