import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Liquid } from 'liquidjs';
import { formatBytes, formatCount, formatDuration } from '../../domain/text/format.js';
import { escapeHtml } from './escape-html.js';

/** A page to render. */
export interface Page {
  /** A template that fills the block `main` of the frame: `{% layout 'frame' %}{% block main %}…{% endblock %}`. */
  readonly template: string;
  /** What the template may use; `title` is that of the page. */
  readonly view: { readonly title: string };
  /** More filters for figures: each returns a figure as text. */
  readonly formats?: Readonly<Record<string, (value: number) => string>>;
}

/**
 * Renders a page of HTML that needs nothing else: no network, no script. Every value is escaped, and a browser refuses
 * whatever the page does not contain itself. The filters `count`, `bytes` and `duration` (of milliseconds) make a
 * `<data>` element, with the figure itself as its value; a text names a figure by its path in the view, as
 * `'units.done'`. The filter `time` shows a time in UTC, and `bar` draws the share that a figure has of another.
 */
export async function renderPage({ template, view, formats }: Page): Promise<string> {
  const engine = new Liquid({
    outputEscape: 'escape',
    strictVariables: true,
    strictFilters: true,
    templates: { frame: readAsset('frame.liquid') },
  });
  const all = { count: formatCount, bytes: formatBytes, duration: formatDuration, ...formats };
  for (const [name, format] of Object.entries(all)) {
    engine.registerFilter(name, { raw: true, handler: (value: unknown) => figureElement(value, view, format) });
  }
  engine.registerFilter('time', { raw: true, handler: timeElement });
  engine.registerFilter('bar', { raw: true, handler: bar });
  const style = readAsset('page.css');
  const styleDigest = createHash('sha256').update(style).digest('base64');
  return String(await engine.parseAndRender(template, { ...view, style, styleDigest }));
}

function readAsset(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function figureElement(given: unknown, view: object, format: (value: number) => string): string {
  const value = typeof given === 'string' ? valueAt(view, given) : given;
  const path = typeof given === 'string' ? ` data-figure="${escapeHtml(given)}"` : '';
  if (value === null) return `<span${path}>unknown</span>`;
  if (typeof value !== 'number') throw new TypeError(`${String(given)} is not a figure`);
  return `<data value="${String(value)}"${path}>${escapeHtml(format(value))}</data>`;
}

/** Returns a time in UTC, to the minute; null as `otherwise`. */
function timeElement(time: string | null, otherwise = 'unknown'): string {
  if (time === null) return escapeHtml(otherwise);
  return `<time datetime="${escapeHtml(time)}">${escapeHtml(time.slice(0, 16).replace('T', ' '))}</time>`;
}

function valueAt(view: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], view);
}

/** Draws a bar beside a figure, as long as its share of the largest one. It says nothing that the figure does not. */
function bar(value: number, largest: number): string {
  const share = largest > 0 ? Math.round((value / largest) * 1_000) / 10 : 0;
  return (
    '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">' +
    `<rect width="${String(share)}" height="8"/></svg>`
  );
}
