import type { MovingUnit } from '../../domain/moment.js';
import { formatBytes, formatCount, formatDuration, formatShare } from '../../domain/text/format.js';
import type { StatusDocument } from './status-document.js';

/** Says who works on a migration: `2 workers`, `5 slices`, `37 of 64 units in flight`. */
export function workParts({ work }: Pick<StatusDocument, 'work'>): readonly string[] {
  if (work === null) return [];
  const { processes, slices, units, unitsMax } = work;
  const most = unitsMax === 0 ? '' : ` of ${formatCount(unitsMax)}`;
  return [
    counted(processes, 'worker process', 'worker processes'),
    counted(slices, 'slice', 'slices'),
    // The slices tell at different moments: a unit may be counted in two, before its end and after it.
    `${formatCount(unitsMax === 0 ? units : Math.min(units, unitsMax))}${most} units in flight`,
  ];
}

/** Says how far a unit in flight is: `moving acme/2019-07`, `1.2 GB of 3.4 GB (35.3 %)`, `for 4 min 10 s`. */
export function movingParts({ unit, bytes, of, since }: MovingUnit, nowMs: number): readonly string[] {
  const ago = formatDuration(Math.max(nowMs - Date.parse(since), 0));
  return [`moving ${unit}`, readText(bytes, of), `for ${ago}`];
}

/** What is read twice, after a broken download or to be certain of damage, must not look like more than there is. */
function readText(bytes: number, of: number | null): string {
  if (of === null) return 'looking for its blobs';
  const read = Math.min(bytes, of);
  return `${formatBytes(read)} of ${formatBytes(of)} (${formatShare(of === 0 ? 1 : read / of)})`;
}

function counted(count: number, one: string, more: string): string {
  return `${formatCount(count)} ${count === 1 ? one : more}`;
}
