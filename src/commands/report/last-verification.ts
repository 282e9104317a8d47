import { readNewestRound } from '../../control/newest-round.js';
import { readVerification } from '../../control/stored-verification.js';
import { verificationName } from '../../domain/ids.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import type { FoundRound } from '../migration/find-round.js';
import type { ReportedVerification } from './report-document.js';

// `longhaul verify` lists more of them.
const firstMax = 10;

/** Returns what the newest verification of a migration found; null if none has ended. */
export async function lastVerification(
  { name, control, staged }: FoundRound,
  signal: AbortSignal,
): Promise<ReportedVerification | null> {
  const { prefix } = staged.record.definition.target.control;
  const base = controlBase({ prefix, name: verificationName(name) });
  const newest = await readNewestRound({ control, base }, signal);
  if (newest?.summary === undefined) return null;
  const { record, summary } = newest;
  const found = await readVerification({ control, base, round: record.round }, signal);
  if (found === undefined) return null;
  const { objects, intact, readBack, archived, differences, first, additional } = found;
  return {
    ...{ startedAt: summary.startedAt, endedAt: found.endedAt, since: record.verify?.since ?? null },
    isOfNewestRound: (record.verify?.closedRounds ?? 0) > staged.record.round,
    ...{ objects, intact, readBack, archived, differences, first: first.slice(0, firstMax) },
    additional: { objects: additional.objects, bytes: additional.bytes },
  };
}
