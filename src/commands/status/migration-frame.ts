import type { CommandContext } from '../ports/context.js';
import { formatCount, formatEta, formatPerSecond } from '../../domain/text/format.js';
import type { ProgressFrame } from '../screen/progress-view.js';
import { amountParts } from './amount-texts.js';
import { countText, exceptionParts, failureParts, finishedOf } from './count-parts.js';
import { type Naming, nextStep } from './next-step.js';
import type { StatusDocument } from './status-document.js';
import { troubles, type Trouble } from './trouble-lines.js';
import { movingParts, workParts } from './work-parts.js';

/** What is needed besides the document to draw it. */
export interface FrameView extends Naming {
  readonly nowMs: number;
}

/** Returns the view of a migration that the user named with this operand. */
export function frameView({ now, invocation }: Pick<CommandContext, 'now' | 'invocation'>, operand: string): FrameView {
  return { nowMs: now(), invocation, operand };
}

/**
 * Draws where a migration stands, what matters most first: units, time left and speed; what is wrong and what to do;
 * blobs and bytes; who works on it, and what is moving.
 */
export function migrationFrame(document: StatusDocument, view: FrameView): ProgressFrame {
  const { units, overall, phase, round, sincePlan, moving } = document;
  const where = round === 0 ? phase : `${phase} (round ${String(round)})`;
  const changed = sincePlan !== undefined && sincePlan.changed > 0;
  const head = [
    `${where}: ${countText(units)}`,
    ...exceptionParts(units),
    ...(changed ? [`${formatCount(sincePlan.changed)} changed since the plan`] : []),
  ];
  const whole = round === 0 ? [] : [[`all rounds: ${countText(overall.units)}`, ...exceptionParts(overall.units)]];
  const speeds = speedParts(document);
  const failed = failureParts(document);
  const wrong = troubleRows(document, view);
  const figures = figureParts(document);
  const work = workParts(document);
  return {
    done: finishedOf(units),
    total: units.total,
    head,
    rows: [
      ...(speeds.length === 0 ? [] : [speeds]),
      ...wrong,
      ...(failed.length === 0 ? [] : [[`failed: ${failed[0] ?? ''}`, ...failed.slice(1)]]),
      ...whole,
      figures,
      ...(work.length === 0 ? [] : [work]),
      ...moving.map((unit) => movingParts(unit, view.nowMs)),
    ],
    line: [head, ...whole, speeds, figures, ...wrong]
      .filter((parts) => parts.length > 0)
      .map((parts) => parts.join(', '))
      .join('; '),
    state: stateOf(document),
  };
}

/** What is wrong, apart from how long it has been and for how many units. */
function stateOf({ phase, blocked, waiting }: StatusDocument): string {
  return [phase, ...[...blocked, ...waiting].map((each) => `${each.what} ${each.class}`)].join('\n');
}

/** `ETA 2 h 10 min (1 h 50 min to 2 h 40 min)`, `31.2 units/s`, `28.0 units/s on average`; none while it is held. */
function speedParts({ phase, etaSeconds, etaRange, rate, meanRate }: StatusDocument): readonly string[] {
  if (phase !== 'running' && phase !== 'pausing') return [];
  return [
    ...(etaSeconds === null ? [] : [`ETA ${formatEta(etaSeconds, etaRange ?? undefined)}`]),
    formatPerSecond(rate.unitsPerSecond, 'units'),
    ...(meanRate === null ? [] : [`${formatPerSecond(meanRate.unitsPerSecond, 'units')} on average`]),
  ];
}

/** Returns each trouble with what to do about it; of several that need the same, only the last one says it. */
function troubleRows(document: StatusDocument, view: FrameView): readonly (readonly string[])[] {
  const all = troubles(document, view.nowMs);
  const first = document.phase === 'blocked' ? nextStep(document, view) : undefined;
  return all.flatMap(({ text }, index) => {
    const hint = index === 0 && first !== undefined ? first : repeatedLater(all, index);
    return [[text], ...(hint === undefined ? [] : [[`next: ${hint}`]])];
  });
}

function repeatedLater(all: readonly Trouble[], index: number): string | undefined {
  const hint = all[index]?.hint;
  return all[index + 1]?.hint === hint ? undefined : hint;
}

function figureParts(document: StatusDocument): readonly string[] {
  const { phase, rate } = document;
  const isHeld = phase === 'preparing' || phase === 'paused' || phase === 'blocked';
  return amountParts(document, isHeld ? undefined : rate);
}
