import { escapeMarkdown } from '../../domain/text/escape-markdown.js';
import { failureClassRow } from '../../domain/failure-classes.js';
import type { Blocked, Phase, Progress } from '../../domain/progress.js';
import { finishedUnits } from '../../domain/tally.js';
import type { MigrationFailure } from '../messages.js';

/**
 * Returns the current details of a migration for the Web UI, in Markdown: the phase in bold and the counts in the first
 * line, then a list. There is no table, because the UI draws tables without borders.
 */
export function currentDetails(phase: Phase, progress: Progress, failure?: MigrationFailure): string {
  const { units, blobs, bytes, sincePlan } = progress.tally;
  const { rate } = progress;
  const finished = finishedUnits(progress.tally);
  const share = percent(finished, progress.total);
  const moved = [
    `${bytesLabel(bytes.source)} read`,
    `${bytesLabel(bytes.raw)} uncompressed`,
    `${bytesLabel(bytes.target)} written`,
  ];
  const speeds = [
    `${rate.unitsPerSecond.toFixed(1)} units/s`,
    `${rate.blobsPerSecond.toFixed(1)} blobs/s`,
    `${bytesLabel(rate.sourceBytesPerSecond)}/s read`,
  ];
  const found = `${grouped(units.found)} of them found in place`;
  const lines = [
    `**${phase}** ${grouped(finished)} of ${grouped(progress.total)} units (${share}), failed ${grouped(units.failed)}`,
    '',
    `- done ${grouped(units.done)} units (${found}), empty ${grouped(units.empty)}`,
    `- ${grouped(blobs.done)} blobs, ${moved.join(', ')}`,
  ];
  if (sincePlan !== undefined)
    lines.push(`- ${grouped(sincePlan.changed)} of ${grouped(sincePlan.compared)} units have changed since the plan`);
  if (rate.unitsPerSecond > 0) lines.push(`- ${speeds.join(', ')}`);
  if (progress.etaSeconds !== null && progress.etaSeconds > 0)
    lines.push(`- ready in ${durationLabel(progress.etaSeconds)}`);
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
  const wait = units === 0 ? '' : `, ${grouped(units)} units wait`;
  return `${escapeMarkdown(what)}** (${failureClass}, since ${since}${wait}): ${escapeMarkdown(message)}`;
}

/** `24,000` */
function grouped(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `40.0 %`; rounded down, so that 100.0 % means that all are finished. */
function percent(part: number, whole: number): string {
  if (whole === 0) return '100.0 %';
  return `${(Math.floor((part / whole) * 1_000) / 10).toFixed(1)} %`;
}

/** `1.5 GB`, in the decimal units of the command line. */
function bytesLabel(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let step = 0;
  // 999.95 would print as 1000.0.
  while (value >= 999.95 && step < names.length - 1) {
    value /= 1_000;
    step += 1;
  }
  return `${step === 0 ? String(Math.round(value)) : value.toFixed(1)} ${names[step] ?? ''}`;
}

/** `2 d 3 h`, `4 min`, `12 s` */
function durationLabel(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${String(minutes)} min`;
  const hours = Math.round(minutes / 60);
  return hours < 36 ? `${String(hours)} h` : `${String(Math.floor(hours / 24))} d ${String(hours % 24)} h`;
}
