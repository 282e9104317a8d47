import { alignRows } from '../screen/format.js';
import { formatCount, formatShare } from '../screen/format.js';
import type { StatusDocument } from './status-document.js';
import type { Style } from '../ports/text-output.js';

/** What a list tells of one migration: the fields of `status` that need no request for each. */
export type ListedMigration = Pick<
  StatusDocument,
  'name' | 'workflowId' | 'runId' | 'round' | 'phase' | 'units' | 'startedAt' | 'endedAt' | 'webUi'
>;

/** Renders migrations as a table for people. */
export function renderList(migrations: readonly ListedMigration[], style: Style): string {
  const rows = migrations.map(({ name, phase, units, startedAt, endedAt }) => {
    const finished = units.done + units.empty + units.failed;
    const share = units.total === 0 ? 0 : finished / units.total;
    const failed = units.failed === 0 ? '' : `, ${formatCount(units.failed)} failed`;
    return [
      name,
      phase,
      `${formatCount(finished)} of ${formatCount(units.total)} (${formatShare(share)})${failed}`,
      startedAt ?? '',
      endedAt ?? '',
    ];
  });
  const [head = '', ...lines] = alignRows([['NAME', 'PHASE', 'UNITS', 'STARTED', 'ENDED'], ...rows]);
  return [style.bold(head), ...lines].join('\n');
}
