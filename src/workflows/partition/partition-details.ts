import { sliceId } from '../../domain/ids.js';
import type { Slice } from '../../domain/layout.js';
import { escapeMarkdown } from '../../domain/text/escape-markdown.js';
import { formatTime } from '../../domain/text/format-time.js';
import { countText, failureLines, heldText, tallyLines } from '../details-lines.js';
import type { PartitionCommand } from './partition-command.js';
import { partitionMemo, slicesAnswer } from './partition-memo.js';
import type { PartitionState } from './partition-state.js';

/** What the details of a partition show besides its state. */
export interface PartitionView {
  /** That of the migration. */
  readonly name: string;
  readonly slices: readonly Slice[];
  readonly end: End | undefined;
  readonly nowMs: number;
}

type End = Extract<PartitionCommand, { kind: 'end' }>['as'];

// A partition may run hundreds of slices at once; the tab with the pending activities shows them all.
const slicesShownMax = 20;

/**
 * Returns the current details of a partition for the Web UI, in Markdown, with the figures of this moment. They stay
 * readable after its end.
 */
export function partitionDetails(state: PartitionState, { name, slices, end, nowMs }: PartitionView): string {
  const { tally, blocked, waiting = [] } = partitionMemo(state);
  const { of, complete, running } = slicesAnswer(state);
  const total = slices.reduce((sum, slice) => sum + slice.units, 0);
  const named = running.slice(0, slicesShownMax).map(sliceId).join(', ');
  const more = running.length > slicesShownMax ? ` and ${String(running.length - slicesShownMax)} more` : '';
  const lines = [
    ...(typeof end === 'object' ? [`**${end.class}**: ${escapeMarkdown(end.message)}`] : []),
    ...blocked.map((each) => heldText('blocked', each)),
    ...waiting.map((each) => heldText('waiting', each)),
    `${String(complete)} of ${String(of)} slices complete`,
    ...(running.length === 0 ? [] : [`scheduled: ${named}${more}; their units are not counted here yet`]),
    ...tallyLines(name, tally),
    ...failureLines(tally.failures),
  ];
  return [
    `**${phaseOf(state, end)}**: ${countText(tally, total)}`,
    '',
    `Figures of ${formatTime(new Date(nowMs).toISOString())}`,
    '',
    ...lines.map((line) => `- ${line}`),
  ].join('\n');
}

function phaseOf({ directives, rest, things }: PartitionState, end: End | undefined): string {
  if (typeof end === 'object') return 'failed';
  if (end === 'complete') return 'completed';
  if (end === 'cancelled') return 'cancelled';
  if (directives.pause !== 'none') return rest === directives.revision ? 'paused' : 'pausing';
  return things.length > 0 ? 'blocked' : 'running';
}
