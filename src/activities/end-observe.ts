import { settled } from '../flow/settled.js';
import type { MigrationRuns, RootRun } from './migration-runs.js';

/**
 * Ends the `observe` of a root that is about to close. The root itself can only request its cancellation, and closes
 * before `observe` learns of it: `observe` would stay pending on a closed root for ever. Only the page shows that, so a
 * failure here does not fail the migration.
 */
export async function endObserve(runs: Pick<MigrationRuns, 'endObserve'>, root: RootRun): Promise<void> {
  await settled(runs.endObserve(root));
}
