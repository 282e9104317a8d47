import { randomNumbers } from '../../test/support/random-numbers.js';
import { playThrottling } from '../../test/support/simulation/play-throttling.js';
import type { Capacity } from '../../test/support/simulation/throttling-store.js';

const seconds = 300;
const capacity: readonly Capacity[] = [
  { fromSecond: 0, perSecond: 400 },
  { fromSecond: 60, perSecond: 60 },
  { fromSecond: 120, perSecond: 800 },
  { fromSecond: 180, perSecond: 0 },
  { fromSecond: 210, perSecond: 300 },
];
/** Seconds that one point of the chart stands for. */
const step = 5;

/**
 * Simulates a store whose capacity changes, and returns a chart of its capacity and of what it served, with the sums.
 */
export function drawThrottling({
  callers,
  latencyMs,
}: {
  readonly callers: number;
  readonly latencyMs: number;
}): string {
  const { served, refused } = playThrottling({ capacity, seconds, callers, latencyMs, random: randomNumbers(1) });
  const starts = Array.from({ length: seconds / step }, (_, index) => index * step);
  const possible = starts.map((start) => capacity.findLast(({ fromSecond }) => fromSecond <= start)?.perSecond ?? 0);
  const got = starts.map((start) => Math.round(sum(served.slice(start, start + step)) / step));
  return [
    '```mermaid',
    'xychart-beta',
    '  x-axis "seconds" 0 --> 300',
    '  y-axis "requests a second" 0 --> 900',
    `  line [${possible.join(', ')}]`,
    `  line [${got.join(', ')}]`,
    '```',
    '',
    `Served: ${(100 * (sum(got) / sum(possible))).toFixed(1)} % of the capacity. ` +
      `Refused: ${((100 * sum(refused)) / sum(served)).toFixed(1)} refusals for 100 requests served.`,
    '',
  ].join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
