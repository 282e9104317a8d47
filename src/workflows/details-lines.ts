import { failureClassRow, type FailureClass } from '../domain/failure-classes.js';
import type { Blocked } from '../domain/figures/progress.js';
import { finishedUnits, type FailureCounts, type Tally } from '../domain/figures/tally.js';
import { plannedMigration, verifiedMigration } from '../domain/ids.js';
import { escapeMarkdown } from '../domain/text/escape-markdown.js';
import { formatBytes, formatCount, formatShare } from '../domain/text/format.js';
import { formatTime } from '../domain/text/format-time.js';

// The table of failures has more classes than anybody reads on a page; `longhaul failures` lists them all.
const classesMax = 5;

/** `24,000 of 60,000 units (40.0 %), 100 failed` */
export function countText(tally: Tally, total: number): string {
  const finished = finishedUnits(tally);
  const share = formatShare(total === 0 ? 1 : finished / total);
  const failed = `${formatCount(tally.units.failed)} failed`;
  return `${formatCount(finished)} of ${formatCount(total)} units (${share}), ${failed}`;
}

/** The units that are done and empty, and what was moved for them: found by a plan, read back by a verification. */
export function tallyLines(name: string, { units, blobs, bytes }: Tally): readonly string[] {
  const found = units.found === 0 ? '' : ` (${formatCount(units.found)} of them found in place)`;
  const counts = `${formatCount(units.done)} units done${found}, ${formatCount(units.empty)} empty`;
  const uncompressed = `${formatBytes(bytes.raw)} uncompressed`;
  if (verifiedMigration(name) !== undefined) return [counts, `${formatBytes(bytes.target)} read back, ${uncompressed}`];
  const inBlobs = `${formatCount(blobs.done)} blobs: ${formatBytes(bytes.source)}`;
  if (plannedMigration(name) !== undefined) return [counts, inBlobs];
  return [counts, `${inBlobs} read, ${uncompressed}, ${formatBytes(bytes.target)} written`];
}

/** `**blocked: account east** (SourceAuth) since …, 5 units wait: the message` */
export function heldText(how: 'blocked' | 'waiting', held: Blocked): string {
  const { what, class: failureClass, since, units, message } = held;
  const wait = units === 0 ? '' : `, ${formatCount(units)} units wait`;
  return (
    `**${how}: ${escapeMarkdown(what)}** (${failureClass}) since ${formatTime(since)}${wait}: ` +
    escapeMarkdown(message)
  );
}

/** The failed units by class, the most frequent first, each with what to do. */
export function failureLines(failures: FailureCounts = {}): readonly string[] {
  const counts = (Object.entries(failures) as [FailureClass, number][]).sort(([, one], [, other]) => other - one);
  const others = counts.slice(classesMax).reduce((sum, [, units]) => sum + units, 0);
  return [
    ...counts
      .slice(0, classesMax)
      .map(([name, units]) => `failed with ${name}: ${formatCount(units)}. Next: ${failureClassRow(name).hint}`),
    ...(others === 0 ? [] : [`failed with another class: ${formatCount(others)}`]),
  ];
}
