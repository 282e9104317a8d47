import type { UnitFigures } from '../../domain/unit-figures.js';
import type { Style } from '../ports/text-output.js';
import { alignRows } from '../screen/align-rows.js';
import { formatCount, formatShare } from '../../domain/text/format.js';
import type { StatusDocument } from './status-document.js';

/** What a list tells of one migration: the fields of `status` that need no request for each. */
export type ListedMigration = Pick<
  StatusDocument,
  'name' | 'workflowId' | 'runId' | 'round' | 'phase' | 'units' | 'overall' | 'startedAt' | 'endedAt' | 'webUi'
>;

/** Renders migrations as a table for people. */
export function renderList(migrations: readonly ListedMigration[], style: Style): string {
  const rows = migrations.map(({ name, phase, round, units, overall, startedAt, endedAt }) => [
    ...[name, phase, String(round), countText(units)],
    ...[round === 0 ? '' : countText(overall.units), startedAt ?? '', endedAt ?? ''],
  ]);
  const titles = ['NAME', 'PHASE', 'ROUND', 'UNITS', 'IN ALL ROUNDS', 'STARTED', 'ENDED'];
  const isOfOneRound = migrations.every(({ round }) => round === 0);
  const shown = [titles, ...rows].map((row) => (isOfOneRound ? row.toSpliced(4, 1).toSpliced(2, 1) : row));
  const [head = '', ...lines] = alignRows(shown);
  return [style.bold(head), ...lines].join('\n');
}

function countText({ total, done, empty, failed }: UnitFigures): string {
  const finished = done + empty + failed;
  const share = formatShare(total === 0 ? 0 : finished / total);
  const more = failed === 0 ? '' : `, ${formatCount(failed)} failed`;
  return `${formatCount(finished)} of ${formatCount(total)} (${share})${more}`;
}
