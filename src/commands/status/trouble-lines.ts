import { failureClassRow } from '../../domain/failure-classes.js';
import type { Blocked } from '../../domain/figures/progress.js';
import { formatCount, formatDuration, formatPerSecond } from '../../domain/text/format.js';
import { formatTime } from '../../domain/text/format-time.js';
import type { StatusDocument } from './status-document.js';

/** Something that an operator should know about, and what to do about it where that is known. */
export interface Trouble {
  readonly kind: 'blocked' | 'waiting' | 'throttled' | 'credential';
  /** `blocked: account east (SourceAuth): the key was refused, 12 units wait for 5 min 00 s` */
  readonly text: string;
  readonly hint: string | undefined;
}

/**
 * Returns what is wrong with a migration, what matters most first: what blocks it, what is tried again by itself, which
 * credentials end soon, and which stores throttle.
 */
export function troubles(document: StatusDocument, nowMs: number): readonly Trouble[] {
  const { blocked, waiting, credentials, throttled } = document;
  const ago = (since: string): string => formatDuration(Math.max(nowMs - Date.parse(since), 0));
  return [
    ...blocked.map((each) => heldTrouble('blocked', each, ago)),
    ...waiting.map((each) => heldTrouble('waiting', each, ago)),
    ...credentials.map(({ what, endsAt }): Trouble => {
      const leftMs = Date.parse(endsAt) - nowMs;
      const when = leftMs > 0 ? `ends in ${formatDuration(leftMs)}` : 'has ended';
      const hint = 'renew the credential before that; workers read it again by themselves';
      return { kind: 'credential', text: `credential: that of ${what} ${when}, at ${formatTime(endsAt)}`, hint };
    }),
    ...throttled.map(({ what, perSecond, since }): Trouble => {
      const rate = formatPerSecond(perSecond, 'requests');
      const text = `throttled: ${what} gets ${rate} from a process, for ${ago(since)}`;
      return { kind: 'throttled', text, hint: undefined };
    }),
  ];
}

function heldTrouble(
  kind: 'blocked' | 'waiting',
  { what, class: failureClass, message, since, units }: Blocked,
  ago: (since: string) => string,
): Trouble {
  const oneLine = message.replaceAll(/\s*\n\s*/g, ' ');
  const wait = units === 0 ? '' : `, ${formatCount(units)} ${units === 1 ? 'unit waits' : 'units wait'}`;
  return {
    kind,
    text: `${kind}: ${what} (${failureClass}): ${oneLine}${wait} for ${ago(since)}`,
    hint: failureClassRow(failureClass).hint,
  };
}
