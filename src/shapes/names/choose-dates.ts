import { type DateRun, isWholeDate, runRank } from './date-run.js';

/**
 * Chooses among what may be dates in the names of a group, and returns their positions: of those that share digits only
 * the likeliest, whole dates in the order of the name, then years that stand alone.
 */
export function chooseDates(runs: readonly DateRun[]): readonly number[] {
  const candidates = runs
    .map((run, index) => ({ run, index }))
    .filter(({ run }) => run.length > 0)
    .sort((a, b) => runRank(a.run) - runRank(b.run) || a.index - b.index);
  const taken = new Set<number>();
  const chosen = candidates.filter(({ run }) => {
    if (run.some(({ token }) => taken.has(token))) return false;
    for (const { token } of run) taken.add(token);
    return true;
  });
  const firstToken = (run: DateRun): number => run[0]?.token ?? 0;
  return chosen
    .sort((a, b) => Number(isWholeDate(b.run)) - Number(isWholeDate(a.run)) || firstToken(a.run) - firstToken(b.run))
    .map(({ index }) => index);
}
