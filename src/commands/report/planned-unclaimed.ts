import { readNewestRound } from '../../control/newest-round.js';
import { planName } from '../../domain/ids.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import type { FoundRound } from '../migration/find-round.js';
import type { CommandContext } from '../ports/context.js';
import { readUnclaimedDocument } from '../unclaimed/read-unclaimed.js';
import type { ReportDocument } from './report-document.js';

/** Returns what no unit claims, as the newest plan of a migration found; null if no plan that looked has ended. */
export async function plannedUnclaimed(
  { stores, signal }: Pick<CommandContext, 'stores' | 'signal'>,
  { name, control, staged }: FoundRound,
): Promise<ReportDocument['leftBehind']['unclaimed']> {
  const { prefix } = staged.record.definition.target.control;
  const base = controlBase({ prefix, name: planName(name) });
  const plan = await readNewestRound({ control, base }, signal);
  if (plan?.summary === undefined || plan.record.plan?.unclaimed !== true) return null;
  const { record, summary } = plan;
  const units = async function* () {
    for await (const receipts of stores.readReceipts(record, control, signal)) yield* receipts;
  };
  const found = await readUnclaimedDocument({ control, base, round: record.round }, { units }, signal);
  return found === undefined ? null : { plannedAt: summary.endedAt, ...found };
}
