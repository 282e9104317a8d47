import { escapeHtml } from '../page/escape-html.js';
import { area, curveStepAfter, scaleLinear, scaleUtc } from './d3/d3.js';

/** A value that holds from a time on, in milliseconds since 1970, for one step. */
export interface ChartStep {
  readonly atMs: number;
  readonly value: number;
}

/** What a chart over time shows. */
export interface TimeChart {
  /** Says what the chart shows, for those who do not see it. */
  readonly label: string;
  /** In order of time; at least one. */
  readonly steps: readonly ChartStep[];
  readonly stepMs: number;
  /** Values are whole numbers, so that marks between them mean nothing. */
  readonly isWhole?: boolean;
  readonly format: (value: number) => string;
}

/** The sizes in which each chart is drawn: style sheets show the one that fits. */
const sizes = [
  { name: 'wide', width: 720, height: 220, timeTicks: 7 },
  { name: 'narrow', width: 340, height: 200, timeTicks: 3 },
] as const;

type Size = (typeof sizes)[number];

/** Draws values over time, as SVG for wide and for narrow screens, without colours, which the style sheet sets. */
export function timeChart(chart: TimeChart): string {
  return sizes.map((size) => draw(chart, size)).join('\n');
}

const margin = { top: 10, right: 16, bottom: 24 } as const;
const characterWidth = 7;
const fontSize = 12;

function draw({ label, steps, stepMs, isWhole = false, format }: TimeChart, size: Size): string {
  const values = scaleLinear(
    [0, Math.max(1, ...steps.map(({ value }) => value))],
    [size.height - margin.bottom, margin.top],
  ).nice(4);
  const marks = values.ticks(4).filter((mark) => !isWhole || Number.isInteger(mark));
  const left = Math.max(...marks.map((mark) => format(mark).length)) * characterWidth + 10;
  const begin = steps[0]?.atMs ?? 0;
  const end = (steps.at(-1)?.atMs ?? 0) + stepMs;
  const times = scaleUtc([begin, end], [left, size.width - margin.right]);
  // The last value holds to the end of its step.
  const points = [...steps, { atMs: end, value: steps.at(-1)?.value ?? 0 }];
  const shape = area<ChartStep>()
    .x(({ atMs }) => times(atMs))
    .y0(values(0))
    .y1(({ value }) => values(value))
    .curve(curveStepAfter)
    .digits(1)(points);
  return [
    `<svg class="${size.name}" viewBox="0 0 ${String(size.width)} ${String(size.height)}" role="img"` +
      ` aria-label="${escapeHtml(label)}">`,
    ...marks.map((mark) => valueMark(format(mark), { y: round(values(mark)), left, right: size.width - margin.right })),
    `<path class="area" d="${shape ?? ''}"/>`,
    ...timeMarks(times.ticks(size.timeTicks).map(Number), (atMs) => round(times(atMs)), size),
    '</svg>',
  ].join('\n');
}

function valueMark(text: string, at: { readonly y: number; readonly left: number; readonly right: number }): string {
  const y = String(at.y);
  return (
    `<line class="mark" x1="${String(at.left)}" x2="${String(at.right)}" y1="${y}" y2="${y}"/>` +
    `<text x="${String(at.left - 6)}" y="${y}" dy="0.35em" text-anchor="end">${escapeHtml(text)}</text>`
  );
}

function timeMarks(given: readonly number[], x: (atMs: number) => number, size: Size): readonly string[] {
  // The scale may return twice as many as were asked for, and then their labels would touch.
  const every = Math.ceil(given.length / size.timeTicks);
  const ticks = given.filter((_, position) => position % every === 0);
  const apartMs = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((atMs) => {
    const text = timeText(atMs, apartMs);
    const half = (text.length * characterWidth) / 2;
    const middle = Math.min(x(atMs), size.width - half);
    const y = size.height - (margin.bottom - fontSize) / 2;
    return `<text x="${String(round(middle))}" y="${String(y)}" text-anchor="middle">${text}</text>`;
  });
}

const dayMs = 24 * 60 * 60_000;

/** Formats a time in UTC with the precision that marks this far apart need. */
function timeText(atMs: number, apartMs: number): string {
  const iso = new Date(atMs).toISOString();
  if (apartMs >= dayMs) return iso.slice(0, 10);
  if (apartMs > 0 && apartMs < 60_000) return iso.slice(11, 19);
  return atMs % dayMs === 0 ? iso.slice(5, 10) : iso.slice(11, 16);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
