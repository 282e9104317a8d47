import { failureClassRow } from '../../domain/failure-classes.js';
import type { CredentialEnd, Throttled } from '../../domain/moment.js';
import { nextStep } from '../../domain/next-step.js';
import { isFinalPhase, type Phase, type Progress, type Rate } from '../../domain/figures/progress.js';
import { escapeMarkdown } from '../../domain/text/escape-markdown.js';
import { formatByteRate, formatCount, formatDuration, formatPerSecond } from '../../domain/text/format.js';
import { formatMinute, formatTime } from '../../domain/text/format-time.js';
import { overallUnits, phaseOfWhole, type UnitFigures } from '../../domain/figures/unit-figures.js';
import { countText, failureLines, heldText, tallyLines } from '../details-lines.js';
import type { MigrationFailure } from '../messages.js';

/** What the current details of a migration say. */
export interface MigrationView {
  readonly name: string;
  readonly phase: Phase;
  /** When the phase began, in ISO 8601, UTC. */
  readonly since: string;
  readonly progress: Progress;
  /** Whether anybody has counted yet in this run. */
  readonly hasFigures: boolean;
  /** The sum of all earlier rounds, in a later one. */
  readonly before?: UnitFigures | undefined;
  readonly failure?: MigrationFailure | undefined;
  readonly throttled?: readonly Throttled[] | undefined;
  readonly credentials?: readonly CredentialEnd[] | undefined;
}

/**
 * Returns the current details of a migration for the Web UI, in Markdown: the phase in bold and the counts, the time of
 * the figures, and a list with what is wrong and what to do at its top. There is no table, because the UI draws tables
 * without borders. The UI shows the time of its own last look beside them, so every figure is dated here.
 */
export function currentDetails(view: MigrationView): string {
  const { name, since, progress, hasFigures, before, failure } = view;
  const { tally, total, round, blocked, waiting = [] } = progress;
  const overall = overallUnits(before, progress);
  const phase = phaseOfWhole(view.phase, overall);
  const about = (verb: string, more = ''): string => `\`longhaul ${verb} ${name}${more}\``;
  const of = (verb: string, other: string): string => `\`longhaul ${verb} ${other}\``;
  const ofFile = (verb: string, more = ''): string => `\`longhaul ${verb} FILE${more}\``;
  const situation = { name, phase, isStarted: true, blocked, failureClass: failure?.class };
  const lines = [
    ...(failure === undefined ? [] : [`**${failure.class}**: ${escapeMarkdown(failure.message)}`]),
    ...blocked.map((each) => heldText('blocked', each)),
    ...waiting.map((each) => `${heldText('waiting', each)}. Next: ${failureClassRow(each.class).hint}`),
    ...(isFinalPhase(phase) ? [] : noteLines(view)),
    `next: ${nextStep(situation, { about, of, ofFile })}`,
    ...(hasFigures ? figureLines(name, phase, progress) : []),
    ...(hasFigures && before !== undefined ? [overallText(overall)] : []),
  ];
  const inRound = round === 0 ? '' : ` (round ${String(round)})`;
  const counted = hasFigures ? countText(tally, total) : `${formatCount(total)} units`;
  const dated = hasFigures ? `Figures of ${formatTime(progress.at)}` : 'Nothing has been counted yet';
  const newer = isFinalPhase(phase) ? '' : `; the newest: ${about('status')}`;
  return [
    `**${phase}**${inRound} since ${formatMinute(since)}: ${counted}`,
    '',
    `${dated}${newer}`,
    '',
    ...lines.map((line) => `- ${line}`),
  ].join('\n');
}

/** What will be in the way, or already slows the migration down. */
function noteLines({ throttled = [], credentials = [] }: MigrationView): readonly string[] {
  return [
    ...credentials.map(
      ({ what, endsAt }) =>
        `**the credential of ${escapeMarkdown(what)}** ends ${formatTime(endsAt)}. ` +
        'Next: renew it before that; workers read it again by themselves',
    ),
    ...throttled.map(
      ({ what, perSecond, since }) =>
        `throttled: ${escapeMarkdown(what)} gets ${formatPerSecond(perSecond, 'requests')} from a process, ` +
        `since ${formatTime(since)}`,
    ),
  ];
}

function figureLines(name: string, phase: Phase, progress: Progress): readonly string[] {
  const { tally, rate } = progress;
  const { sincePlan, failures } = tally;
  return [
    ...tallyLines(name, tally),
    ...(phase === 'running' ? movingLines(progress) : []),
    ...(isFinalPhase(phase) && rate.unitsPerSecond > 0 ? [`on average ${rateText(rate)}`] : []),
    ...(sincePlan === undefined
      ? []
      : [`${formatCount(sincePlan.changed)} of ${formatCount(sincePlan.compared)} units have changed since the plan`]),
    ...failureLines(failures),
  ];
}

/** How fast it is, and when it ends: a time of day, which stays right while the page grows old. */
function movingLines({ rate, meanRate, etaSeconds, etaRange, at }: Progress): readonly string[] {
  const mean = meanRate === undefined ? '' : `; on average ${rateText(meanRate)}`;
  const speed = rate.unitsPerSecond > 0 || meanRate !== undefined ? [`${rateText(rate)}${mean}`] : [];
  if (etaSeconds === null || etaSeconds <= 0) return speed;
  const after = (seconds: number): string => formatMinute(new Date(Date.parse(at) + seconds * 1_000).toISOString());
  const range =
    etaRange === undefined ? '' : `, between ${after(etaRange.fromSeconds)} and ${after(etaRange.toSeconds)}`;
  return [...speed, `ends about ${after(etaSeconds)}, after ${formatDuration(etaSeconds * 1_000)}${range}`];
}

function rateText({ unitsPerSecond, blobsPerSecond, sourceBytesPerSecond }: Rate): string {
  const units = formatPerSecond(unitsPerSecond, 'units');
  return `${units}, ${formatPerSecond(blobsPerSecond, 'blobs')}, ${formatByteRate(sourceBytesPerSecond)} read`;
}

function overallText({ total, done, empty, failed }: UnitFigures): string {
  const ended = `${formatCount(done)} done, ${formatCount(empty)} empty, ${formatCount(failed)} failed`;
  return `over all rounds: ${ended} of ${formatCount(total)} units`;
}
