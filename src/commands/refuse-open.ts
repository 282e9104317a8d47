import type { SummaryRecord } from '../domain/migration-record.js';
import { CommandError } from './ending/command-error.js';
import { exitStatus } from './ending/exit-status.js';
import type { StagedRound } from '../control/newest-round.js';

/** Gives the summary of a closed round. Rejects with status 2 while it is open: a round starts only when the one before is closed. */
export function refuseOpen(name: string, { summary, record }: StagedRound): SummaryRecord {
  if (summary !== undefined) return summary;
  throw new CommandError(exitStatus.usage, `Round ${String(record.round)} of the migration ${name} is still open`, {
    next: `wait for its end (\`longhaul watch ${name}\`), or let it go on: \`longhaul resume ${name}\``,
  });
}
