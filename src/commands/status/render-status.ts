import { isFinalPhase, type Phase } from '../../domain/figures/progress.js';
import type { PlanComparison } from '../../domain/figures/tally.js';
import type { UnitFigures } from '../../domain/figures/unit-figures.js';
import type { CommandContext } from '../ports/context.js';
import type { Style } from '../ports/text-output.js';
import { formatCount, formatDuration, formatEta } from '../../domain/text/format.js';
import { formatTime } from '../../domain/text/format-time.js';
import { printable } from '../screen/printable.js';
import { terminalColumns } from '../screen/terminal-columns.js';
import { wrapText } from '../screen/wrap-text.js';
import { amountLines, speedText } from './amount-texts.js';
import { countText, failureParts } from './count-parts.js';
import { type Naming, nextStep } from './next-step.js';
import type { StatusDocument } from './status-document.js';
import { troubles } from './trouble-lines.js';
import { movingParts, workParts } from './work-parts.js';

/** What is needed besides the document; the time is for saying how long ago something began. */
export interface StatusView extends Naming {
  readonly style: Style;
  readonly nowMs: number;
  /** How wide the terminal is; undefined if there is none, and lines may be of any length. */
  readonly columns?: number | undefined;
  /** Whether another place says why it has failed and what to do about it. */
  readonly isFailureKnown?: boolean;
}

/** Returns the view of a verb that shows a status on standard output. */
export function statusView(
  { out, now, invocation }: Pick<CommandContext, 'out' | 'now' | 'invocation'>,
  operand: string,
): StatusView {
  return { style: out.style, nowMs: now(), columns: terminalColumns(out), invocation, operand };
}

/** Renders where a migration stands, for people. It ends with what to do next, unless that is said with the failure. */
export function renderStatus(document: StatusDocument, view: StatusView): string {
  const { style, nowMs, columns } = view;
  const isFailureTold = view.isFailureKnown === true && document.failure !== undefined;
  const lines: readonly StatusLine[] = [
    { text: headline(document, view), paint: (line) => paintHeadline(line, document, style) },
    ...(isFailureTold ? [] : failureLines(document, style)),
    ...figureLines(document).map((text) => ({ text })),
    ...troubleLines(document, view),
    ...workLines(document, nowMs).map((text) => ({ text })),
    ...(document.webUi === null ? [] : [{ text: `  Web UI  ${document.webUi}` }]),
    ...(isFailureTold ? [] : [{ text: `  next: ${nextStep(document, view)}` }]),
  ];
  return lines
    .flatMap(({ text, paint = (line: string) => line }) => {
      const oneLine = printable(text).replaceAll(/\s*\n\s*/g, ' ');
      return (columns === undefined ? [oneLine] : wrapText(oneLine, columns - 1)).map(paint);
    })
    .join('\n');
}

/** A line before it is broken to fit, and how it is painted then. */
interface StatusLine {
  readonly text: string;
  readonly paint?: (line: string) => string;
}

/** Says why a migration has failed. */
export function failureText({ class: failureClass, message }: NonNullable<StatusDocument['failure']>): string {
  return failureClass === null ? message : `${failureClass}: ${message}`;
}

function headline(document: StatusDocument, { nowMs }: StatusView): string {
  const { name, phase, phaseSince, startedAt, endedAt, round } = document;
  const inRound = round === 0 ? '' : ` (round ${String(round)})`;
  const begin = `${name}  ${phase}`;
  if (startedAt === null) return `${begin}${inRound}`;
  if (endedAt !== null) {
    const took = formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
    return `${begin} after ${took}${inRound}, at ${formatTime(endedAt)}`;
  }
  if (isFinalPhase(phase)) return `${begin}${inRound}`;
  const elapsed = (since: string): string => formatDuration(Math.max(nowMs - Date.parse(since), 0));
  if (phase === 'preparing' || phase === 'running') return `${begin} for ${elapsed(startedAt)}${inRound}`;
  const inPhase = phaseSince === null ? '' : ` for ${elapsed(phaseSince)}`;
  return `${begin}${inPhase}${inRound}, started ${elapsed(startedAt)} ago`;
}

/** Paints name and phase where a line begins with them. */
function paintHeadline(line: string, { name, phase }: StatusDocument, style: Style): string {
  const begin = `${name}  ${phase}`;
  return line.startsWith(begin) ? `${style.bold(name)}  ${paintPhase(phase, style)}${line.slice(begin.length)}` : line;
}

function paintPhase(phase: Phase, style: Style): string {
  if (phase === 'completed') return style.good(phase);
  if (phase === 'failed' || phase === 'completed-with-failures') return style.bad(phase);
  return phase === 'blocked' || phase === 'paused' || phase === 'cancelled' ? style.warn(phase) : phase;
}

function failureLines({ failure }: StatusDocument, style: Style): readonly StatusLine[] {
  return failure === undefined ? [] : [{ text: `  ${failureText(failure)}`, paint: (line) => style.bad(line) }];
}

/** What blocks first is what the last line of the status is about. */
function troubleLines(document: StatusDocument, { nowMs, style }: StatusView): readonly StatusLine[] {
  const isHintLast = document.phase === 'blocked';
  return troubles(document, nowMs).flatMap(({ text, hint }, index) => [
    { text: `  ${text}`, paint: (line: string) => style.warn(line) },
    ...(hint === undefined || (isHintLast && index === 0) ? [] : [{ text: `    next: ${hint}` }]),
  ]);
}

function workLines(document: StatusDocument, nowMs: number): readonly string[] {
  const work = workParts(document);
  return [
    ...(work.length === 0 ? [] : [`  work    ${work.join(', ')}`]),
    ...document.moving.map((unit) => `  ${movingParts(unit, nowMs).join(', ')}`),
  ];
}

function figureLines(document: StatusDocument): readonly string[] {
  const { round, units, overall, phase, sincePlan, meanRate, etaSeconds, etaRange } = document;
  const failed = failureParts(document);
  return [
    `  units   ${unitsText(units)}${round === 0 ? '' : ' in this round'}`,
    ...(round === 0 ? [] : [`  in all  ${unitsText(overall.units)} over all rounds`]),
    ...(sincePlan === undefined ? [] : [`  plan    ${sincePlanText(sincePlan)}`]),
    ...amountLines(document),
    ...(hasSpeed(phase) ? [rateText(document)] : []),
    ...(isAtWork(document) && meanRate !== null ? [`  mean    ${speedText(document, meanRate)}`] : []),
    ...(etaSeconds === null ? [] : [`  ETA     ${formatEta(etaSeconds, etaRange ?? undefined)}`]),
    ...(failed.length === 0 ? [] : [`  failed  ${failed.join(', ')}`]),
  ];
}

/** Returns `3 of 1,200 units have changed since the plan`, counting those that were compared with it. */
function sincePlanText({ compared, changed }: PlanComparison): string {
  return `${formatCount(changed)} of ${formatCount(compared)} units have changed since the plan`;
}

function rateText(document: StatusDocument): string {
  const { rate, phase } = document;
  return `  rate    ${speedText(document, rate)}${isFinalPhase(phase) ? ' on average' : ''}`;
}

const hasSpeed = (phase: Phase): boolean => phase !== 'preparing' && phase !== 'paused' && phase !== 'blocked';
const isAtWork = ({ phase }: StatusDocument): boolean => !isFinalPhase(phase);

function unitsText(units: UnitFigures): string {
  const { done, found, empty, failed } = units;
  return (
    `${countText(units, '')}: ${formatCount(done)} done, of these ${formatCount(found)} found; ` +
    `${formatCount(empty)} empty; ${formatCount(failed)} failed`
  );
}
