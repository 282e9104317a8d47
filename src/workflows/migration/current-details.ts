import { escapeMarkdown } from '../../domain/escape-markdown.js';
import { failureClassRow } from '../../domain/failure-classes.js';
import type { Blocked, Phase, Progress } from '../../domain/progress.js';
import { finishedUnits } from '../../domain/tally.js';
import type { MigrationFailure } from '../messages.js';

/**
 * Returns the current details of a migration as the Web UI shows them, in Markdown: the state in bold and the counts in
 * the first line, then a list (the UI draws tables without borders).
 */
export function currentDetails(phase: Phase, progress: Progress, failure?: MigrationFailure): string {
  const { units, blobs, bytes } = progress.tally;
  const { rate } = progress;
  const finished = finishedUnits(progress.tally);
  const lines = [
    `**${phase}** ${grouped(finished)} of ${grouped(progress.total)} units (${percent(finished, progress.total)}), failed ${grouped(units.failed)}`,
    '',
    `- done ${grouped(units.done)} units (${grouped(units.found)} of them found in place), empty ${grouped(units.empty)}`,
    `- ${grouped(blobs.done)} blobs, ${bytesLabel(bytes.source)} read, ${bytesLabel(bytes.raw)} uncompressed, ${bytesLabel(bytes.target)} written`,
  ];
  if (rate.unitsPerSecond > 0) {
    lines.push(
      `- ${rate.unitsPerSecond.toFixed(1)} units/s, ${rate.blobsPerSecond.toFixed(1)} blobs/s, ${bytesLabel(rate.sourceBytesPerSecond)}/s read`,
    );
  }
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

/** `40.0 %`; never 100.0 % before all are finished. */
function percent(part: number, whole: number): string {
  if (whole === 0) return '100.0 %';
  return `${(Math.floor((part / whole) * 1_000) / 10).toFixed(1)} %`;
}

/** `1.5 GiB` */
function bytesLabel(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let step = 0;
  while (value >= 1_024 && step < names.length - 1) {
    value /= 1_024;
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
