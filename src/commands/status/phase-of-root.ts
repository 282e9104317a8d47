import type { Phase } from '../../domain/figures/progress.js';
import type { RootDescription } from '../ports/temporal-port.js';

/** Returns the phase of a migration's newest round from what Temporal knows about its root. */
export function phaseOfRoot(root: Pick<RootDescription, 'state' | 'memo' | 'result'>): Phase {
  switch (root.state) {
    case 'running':
      // Before its first workflow task the root has only the memo that `start` gave it, or none.
      return root.memo?.phase ?? 'preparing';
    case 'completed':
      return root.result?.phase ?? completedPhase(root);
    case 'cancelled':
      return 'cancelled';
    case 'failed':
    case 'terminated':
    case 'timed-out':
      return 'failed';
  }
}

function completedPhase({ memo }: Pick<RootDescription, 'memo'>): Phase {
  return (memo?.tally.units.failed ?? 0) > 0 ? 'completed-with-failures' : 'completed';
}
