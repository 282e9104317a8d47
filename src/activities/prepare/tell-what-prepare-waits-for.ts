import type { Failure } from '../../domain/failure.js';
import { zeroRate, type ObservedProgress } from '../../domain/figures/progress.js';
import { emptyTally } from '../../domain/figures/tally.js';
import { settled } from '../../flow/settled.js';
import type { MigrationRuns, RootRun } from '../migration-runs.js';
import type { Redact } from '../../domain/text/redact-secrets.js';
import { pendingLengthMax } from '../to-application-failure.js';

/**
 * Tells a root why an attempt at `prepare` failed that is about to be repeated, so that its page says so: no figures
 * are summed up while a migration is being prepared. The attempt fails in any case, so a failure here adds nothing.
 */
export async function tellWhatPrepareWaitsFor(
  runs: Pick<MigrationRuns, 'signalProgress'>,
  root: RootRun,
  { round, failure, redact }: { readonly round: number; readonly failure: Failure; readonly redact: Redact },
): Promise<void> {
  const { failureClass, row, what = row.scope } = failure;
  const at = new Date().toISOString();
  const message = redact(failure.message).slice(0, pendingLengthMax);
  const progress: ObservedProgress = {
    ...{ round, total: 0, tally: emptyTally, rate: zeroRate, etaSeconds: null, blocked: [], at },
    waiting: [{ what, class: failureClass, message, since: at, units: 0 }],
  };
  await settled(runs.signalProgress(root, progress));
}
