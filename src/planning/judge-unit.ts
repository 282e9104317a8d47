import type { PlannedLine } from './planned-line.js';
import type { UsualRange } from './usual-range.js';

/** What a plan says about a unit. `suspicious`: it is ready, but something about it should be looked at first. */
export type Verdict = PlannedLine['state'] | 'suspicious';

/** All verdicts, first those that need somebody. */
export const verdicts = ['failing', 'incomplete', 'empty', 'suspicious', 'ready'] as const satisfies readonly Verdict[];

/** A unit with its verdict and the reasons for it. */
export interface JudgedUnit extends PlannedLine {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/** What is usual among the units of a plan. */
export interface Usual {
  readonly bytes: UsualRange | undefined;
  readonly blobs: UsualRange | undefined;
  /** Whether most units have changed recently: then it says nothing about one of them. */
  readonly changesRecently: boolean;
}

// A source that is still written to has mostly changed within the hour.
const recentMs = 60 * 60_000;

/** Reports whether a blob of the unit had changed in the hour before the plan looked at it. */
export function changedRecently({ newestMs, atMs }: Pick<PlannedLine, 'newestMs' | 'atMs'>): boolean {
  return newestMs !== undefined && atMs - newestMs < recentMs;
}

/** Judges a unit by its line and by what is usual among the others. */
export function judgeUnit(line: PlannedLine, usual: Usual): JudgedUnit {
  if (line.state !== 'ready') {
    const reasons = line.class === undefined ? [] : [`${line.class}: ${line.message ?? ''}`];
    return { ...line, verdict: line.state, reasons };
  }
  const reasons = suspicions(line, usual);
  return { ...line, verdict: reasons.length > 0 ? 'suspicious' : 'ready', reasons };
}

function suspicions(line: PlannedLine, usual: Usual): readonly string[] {
  return [
    ...farFromRest('bytes', line.bytes, usual.bytes),
    ...farFromRest('blobs', line.blobs, usual.blobs),
    ...repeated(line.repeated),
    ...(changedRecently(line) && !usual.changesRecently ? ['a blob changed less than an hour ago'] : []),
  ];
}

function farFromRest(what: string, value: number, range: UsualRange | undefined): readonly string[] {
  if (range === undefined || (value >= range.min && value <= range.max)) return [];
  const usual = `${String(Math.ceil(range.min))} to ${String(Math.floor(range.max))} are usual`;
  return [`${String(value)} ${what}, ${usual}`];
}

function repeated(blobs: number): readonly string[] {
  if (blobs === 0) return [];
  return [
    blobs === 1 ? 'a blob has the content of another one' : `${String(blobs)} blobs have the content of another one`,
  ];
}
