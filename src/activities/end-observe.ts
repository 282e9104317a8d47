import { settled } from '../flow/settled.js';
import type { MigrationRuns, RootRun } from './migration-runs.js';

/**
 * Ends the `observe` of a root that closes next. The root itself can only ask for its cancel, and closes before anybody
 * hears of that: `observe` would be pending for ever on a closed root. The page alone shows it, so a failure of this is
 * no failure of the migration.
 */
export async function endObserve(runs: Pick<MigrationRuns, 'endObserve'>, root: RootRun): Promise<void> {
  await settled(runs.endObserve(root));
}
