import { scaleBand, scaleLinear } from 'd3-scale';
import { escapeHtml } from '../../../src/commands/page/escape-html.js';

/** One bar, and the text at its end. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly isOurs: boolean;
}

const [width, labelWidth, textWidth, barHeight, headHeight] = [760, 300, 90, 24, 34] as const;

/** Draws horizontal bars as SVG that needs no style sheet, for light and for dark pages. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const height = headHeight + bars.length * barHeight + 8;
  const lengths = scaleLinear(
    [0, Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)],
    [0, width - labelWidth - textWidth],
  );
  const places = scaleBand(
    bars.map(({ label }) => label),
    [headHeight, height - 8],
  ).padding(0.2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img"` +
      ` aria-label="${escapeHtml(title)}" font-family="system-ui, sans-serif" font-size="13">`,
    '<style>text{fill:#24292f}.bar{fill:#8c959f}.ours{fill:#0969da}',
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#6e7681}.ours{fill:#4493f8}}</style>',
    `<text x="0" y="18" font-size="15" font-weight="600">${escapeHtml(title)}</text>`,
    ...bars.map((bar) =>
      drawn(bar, round(places(bar.label) ?? 0), round(places.bandwidth()), round(lengths(bar.value))),
    ),
    '</svg>',
    '',
  ].join('\n');
}

function drawn({ label, text, isOurs }: Bar, y: number, height: number, length: number): string {
  const middle = String(round(y + height / 2));
  return (
    `<text x="${String(labelWidth - 8)}" y="${middle}" dy="0.35em" text-anchor="end">${escapeHtml(label)}</text>` +
    `<rect class="${isOurs ? 'ours' : 'bar'}" x="${String(labelWidth)}" y="${String(y)}" rx="2"` +
    ` width="${String(Math.max(1, length))}" height="${String(height)}"/>` +
    `<text x="${String(round(labelWidth + length + 6))}" y="${middle}" dy="0.35em">${escapeHtml(text)}</text>`
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
