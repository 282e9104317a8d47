import { isFinalPhase, type Phase } from '../../domain/progress.js';
import type { PlanComparison } from '../../domain/tally.js';
import type { UnitFigures } from '../../domain/unit-figures.js';
import type { CommandContext } from '../ports/context.js';
import type { Style } from '../ports/text-output.js';
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPerSecond,
  formatShare,
} from '../../domain/text/format.js';
import { blockedLines } from './migration-frame.js';
import { type Naming, nextStep } from './next-step.js';
import type { StatusDocument } from './status-document.js';

/** What is needed besides the document: the time tells how long ago something began. */
export interface StatusView extends Naming {
  readonly style: Style;
  readonly nowMs: number;
  /** Whether why it has failed, and what to do about it, is told elsewhere. */
  readonly isFailureKnown?: boolean;
}

/** Returns the view of a verb that shows a status on standard output. */
export function statusView(
  { out, now, invocation }: Pick<CommandContext, 'out' | 'now' | 'invocation'>,
  operand: string,
): StatusView {
  return { style: out.style, nowMs: now(), invocation, operand };
}

/** Renders where a migration stands, for people. It ends with what to do next, unless that is told with the failure. */
export function renderStatus(document: StatusDocument, view: StatusView): string {
  const { style } = view;
  const isFailureTold = view.isFailureKnown === true && document.failure !== undefined;
  return [
    `${style.bold(document.name)}  ${headline(document, view)}`,
    ...(isFailureTold ? [] : failureLines(document, style)),
    ...figureLines(document),
    ...blockedLines(document).map((line) => `  ${style.warn(line)}`),
    ...(document.webUi === null ? [] : [`  Web UI  ${document.webUi}`]),
    ...(isFailureTold ? [] : [`  next: ${nextStep(document, view)}`]),
  ].join('\n');
}

/** Says why a migration has failed. */
export function failureText({ class: failureClass, message }: NonNullable<StatusDocument['failure']>): string {
  return failureClass === null ? message : `${failureClass}: ${message}`;
}

function headline(document: StatusDocument, { style, nowMs }: StatusView): string {
  const { phase, phaseSince, startedAt, endedAt, round } = document;
  const painted = paintPhase(phase, style);
  const inRound = round === 0 ? '' : ` (round ${String(round)})`;
  if (startedAt === null) return `${painted}${inRound}`;
  if (endedAt !== null) {
    return `${painted} after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}${inRound}, ${endedAt}`;
  }
  if (isFinalPhase(phase)) return `${painted}${inRound}`;
  const elapsed = (since: string): string => formatDuration(Math.max(nowMs - Date.parse(since), 0));
  if (phase === 'preparing' || phase === 'running') return `${painted} for ${elapsed(startedAt)}${inRound}`;
  const inPhase = phaseSince === null ? '' : ` for ${elapsed(phaseSince)}`;
  return `${painted}${inPhase}${inRound}, started ${elapsed(startedAt)} ago`;
}

function paintPhase(phase: Phase, style: Style): string {
  if (phase === 'completed') return style.good(phase);
  if (phase === 'failed' || phase === 'completed-with-failures') return style.bad(phase);
  return phase === 'blocked' || phase === 'paused' || phase === 'cancelled' ? style.warn(phase) : phase;
}

function failureLines({ failure }: StatusDocument, style: Style): readonly string[] {
  return failure === undefined ? [] : [style.bad(`  ${failureText(failure)}`)];
}

function figureLines(document: StatusDocument): readonly string[] {
  const { round, units, overall, blobs, bytes, phase, sincePlan } = document;
  return [
    `  units   ${unitsText(units)}${round === 0 ? '' : ' in this round'}`,
    ...(round === 0 ? [] : [`  in all  ${unitsText(overall.units)} over all rounds`]),
    ...(sincePlan === undefined ? [] : [`  plan    ${sincePlanText(sincePlan)}`]),
    `  blobs   ${formatCount(blobs.done)}`,
    `  bytes   ${formatBytes(bytes.source)} in, ${formatBytes(bytes.raw)} uncompressed, ` +
      `${formatBytes(bytes.target)} out`,
    ...(phase === 'paused' || phase === 'blocked' ? [] : [rateText(document)]),
  ];
}

/** Returns `3 of 1,200 units have changed since the plan`, of those that were compared with it. */
function sincePlanText({ compared, changed }: PlanComparison): string {
  return `${formatCount(changed)} of ${formatCount(compared)} units have changed since the plan`;
}

function rateText({ rate, etaSeconds, phase }: StatusDocument): string {
  const mean = isFinalPhase(phase) ? ' on average' : '';
  return (
    `  rate    ${formatPerSecond(rate.unitsPerSecond, 'units')}, ${formatPerSecond(rate.blobsPerSecond, 'blobs')}, ` +
    `${formatByteRate(rate.sourceBytesPerSecond)} in${mean}` +
    (etaSeconds === null ? '' : `, ETA ${formatDuration(etaSeconds * 1_000)}`)
  );
}

function unitsText({ total, done, found, empty, failed }: UnitFigures): string {
  const finished = done + empty + failed;
  return (
    `${formatCount(finished)} of ${formatCount(total)} (${formatShare(total === 0 ? 0 : finished / total)}): ` +
    `${formatCount(done)} done, of these ${formatCount(found)} found; ` +
    `${formatCount(empty)} empty; ${formatCount(failed)} failed`
  );
}
