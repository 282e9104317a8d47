import { escapeMarkdown } from '../../domain/text/escape-markdown.js';
import { failureClassRow } from '../../domain/failure-classes.js';
import type { Blocked, Phase, Progress } from '../../domain/progress.js';
import { finishedUnits } from '../../domain/tally.js';
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
} from '../../domain/text/format.js';
import type { MigrationFailure } from '../messages.js';

/**
 * Returns the current details of a migration for the Web UI, in Markdown: the phase in bold and the counts in the first
 * line, then a list. There is no table, because the UI draws tables without borders.
 */
export function currentDetails(phase: Phase, progress: Progress, failure?: MigrationFailure): string {
  const { units, blobs, bytes, sincePlan } = progress.tally;
  const { rate } = progress;
  const finished = finishedUnits(progress.tally);
  const share = formatShare(progress.total === 0 ? 1 : finished / progress.total);
  const counted = `${formatCount(finished)} of ${formatCount(progress.total)}`;
  const moved = [
    `${formatBytes(bytes.source)} read`,
    `${formatBytes(bytes.raw)} uncompressed`,
    `${formatBytes(bytes.target)} written`,
  ];
  const speeds = [
    formatPerSecond(rate.unitsPerSecond, 'units'),
    formatPerSecond(rate.blobsPerSecond, 'blobs'),
    `${formatByteRate(rate.sourceBytesPerSecond)} read`,
  ];
  const found = `${formatCount(units.found)} of them found in place`;
  const lines = [
    `**${phase}** ${counted} units (${share}), failed ${formatCount(units.failed)}`,
    '',
    `- done ${formatCount(units.done)} units (${found}), empty ${formatCount(units.empty)}`,
    `- ${formatCount(blobs.done)} blobs, ${moved.join(', ')}`,
  ];
  if (sincePlan !== undefined)
    lines.push(
      `- ${formatCount(sincePlan.changed)} of ${formatCount(sincePlan.compared)} units have changed since the plan`,
    );
  if (rate.unitsPerSecond > 0) lines.push(`- ${speeds.join(', ')}`);
  if (progress.etaSeconds !== null && progress.etaSeconds > 0)
    lines.push(`- ready in ${formatDuration(progress.etaSeconds * 1_000)}`);
  for (const blocked of progress.blocked) {
    lines.push(`- **blocked: ${keptLabel(blocked)}. Next: ${failureClassRow(blocked.class).hint}.`);
  }
  for (const waiting of progress.waiting ?? []) lines.push(`- **waiting: ${keptLabel(waiting)}.`);
  if (failure !== undefined) lines.push(`- **${failure.class}**: ${escapeMarkdown(failure.message)}`);
  lines.push(`- as of ${progress.at}`);
  return lines.join('\n');
}

/** `account east** (SourceAuth, since …, 5 units wait): the message` */
function keptLabel({ what, class: failureClass, since, units, message }: Blocked): string {
  const wait = units === 0 ? '' : `, ${formatCount(units)} units wait`;
  return `${escapeMarkdown(what)}** (${failureClass}, since ${since}${wait}): ${escapeMarkdown(message)}`;
}
