import type { UnitFigures } from '../../domain/figures/unit-figures.js';
import { formatCount, formatShare } from '../../domain/text/format.js';
import type { StatusDocument } from './status-document.js';

// Usually there are no more, and if there are, these say enough.
const classesMax = 5;

/** `403 of 1,000 units (40.3 %)` */
export function countText(units: UnitFigures, counted = ' units'): string {
  const finished = finishedOf(units);
  const share = formatShare(units.total === 0 ? 0 : finished / units.total);
  return `${formatCount(finished)} of ${formatCount(units.total)}${counted} (${share})`;
}

/** Units that need nothing more: those that are done, empty or failed. */
export const finishedOf = ({ done, empty, failed }: UnitFigures): number => done + empty + failed;

/** `1 failed`, `3 found`, `2 empty`, without what is zero. */
export function exceptionParts({ found, empty, failed }: UnitFigures): readonly string[] {
  const counts = [
    [failed, 'failed'],
    [found, 'found'],
    [empty, 'empty'],
  ] as const;
  return counts.filter(([count]) => count > 0).map(([count, name]) => `${formatCount(count)} ${name}`);
}

/** Counts the failed units of the round by class, the most frequent first: `12 EmptyUnit`, `3 CorruptInput`. */
export function failureParts({ failures }: Pick<StatusDocument, 'failures'>): readonly string[] {
  const counts = Object.entries(failures).sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const rest = counts.slice(classesMax).reduce((sum, [, units]) => sum + units, 0);
  return [
    ...counts.slice(0, classesMax).map(([failureClass, units]) => `${formatCount(units)} ${failureClass}`),
    ...(rest === 0 ? [] : [`${formatCount(rest)} of other classes`]),
  ];
}
