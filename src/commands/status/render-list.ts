import { formatCount, formatDuration } from '../../domain/text/format.js';
import { formatMinute } from '../../domain/text/format-time.js';
import type { Style } from '../ports/text-output.js';
import { alignRows } from '../screen/align-rows.js';
import { breakLines } from '../screen/break-lines.js';
import { displayWidth } from '../screen/display-width.js';
import { countText } from './count-parts.js';
import type { StatusDocument } from './status-document.js';

/** What a list says about one migration: the fields of `status` that need no request of their own. */
export type ListedMigration = Pick<
  StatusDocument,
  | 'name'
  | 'workflowId'
  | 'runId'
  | 'round'
  | 'phase'
  | 'units'
  | 'overall'
  | 'failures'
  | 'blocked'
  | 'waiting'
  | 'startedAt'
  | 'endedAt'
  | 'webUi'
>;

/** How to show a list. */
export interface ListView {
  readonly style: Style;
  readonly nowMs: number;
  /** How wide the terminal is; undefined if there is none, and lines may be of any length. */
  readonly columns?: number | undefined;
}

/** Renders migrations as a table for people, or one after the other if the terminal is too narrow for a table. */
export function renderList(migrations: readonly ListedMigration[], { style, nowMs, columns }: ListView): string {
  const rows = migrations.map((migration) => cellsOf(migration, nowMs));
  const shown = titles.filter((title) => rows.some((row) => isTold(title, row[title])));
  const [head = '', ...lines] = alignRows([shown, ...rows.map((row) => shown.map((title) => row[title]))]);
  if (columns === undefined || Math.max(...[head, ...lines].map(displayWidth)) < columns) {
    return [style.bold(head), ...lines].join('\n');
  }
  return rows
    .flatMap((row) => {
      const [, ...parts] = shown.filter((title) => isTold(title, row[title])).map((title) => alone(title, row[title]));
      const [first = '', ...more] = breakLines([row.NAME, ...parts], columns - 1);
      return [style.bold(row.NAME) + first.slice(row.NAME.length), ...more];
    })
    .join('\n');
}

// What matters most is on the left.
const titles = ['NAME', 'PHASE', 'ROUND', 'UNITS', 'IN ALL ROUNDS', 'NEEDS', 'STARTED', 'ENDED'] as const;

type Title = (typeof titles)[number];

function cellsOf(migration: ListedMigration, nowMs: number): Readonly<Record<Title, string>> {
  const { name, phase, round, units, overall, startedAt, endedAt } = migration;
  return {
    NAME: name,
    PHASE: phase,
    ROUND: String(round),
    UNITS: figures(units),
    'IN ALL ROUNDS': round === 0 ? '' : figures(overall.units),
    NEEDS: needsText(migration, nowMs),
    STARTED: startedAt === null ? '' : formatMinute(startedAt),
    ENDED: endedAt === null ? '' : formatMinute(endedAt),
  };
}

/** The first round needs no number. */
const isTold = (title: Title, cell: string): boolean => cell !== '' && !(title === 'ROUND' && cell === '0');

/** A cell without its title above it. */
function alone(title: Title, cell: string): string {
  return title === 'PHASE' || title === 'NEEDS' ? cell : `${title.toLowerCase()} ${cell}`;
}

function figures(units: ListedMigration['units']): string {
  const failed = units.failed === 0 ? '' : `, ${formatCount(units.failed)} failed`;
  return `${countText(units, '')}${failed}`;
}

/** What it waits for, and since when: `SourceAuth: account east, for 5 min 10 s`. */
function needsText({ blocked, waiting }: ListedMigration, nowMs: number): string {
  const first = blocked[0] ?? waiting[0];
  if (first === undefined) return '';
  const more = blocked.length + waiting.length - 1;
  const ago = formatDuration(Math.max(nowMs - Date.parse(first.since), 0));
  return `${first.class}: ${first.what}, for ${ago}${more === 0 ? '' : `, and ${formatCount(more)} more`}`;
}
