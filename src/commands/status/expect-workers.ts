import type { Work } from '../../domain/moment.js';
import { type Blocked, isFinalPhase, zeroRate } from '../../domain/figures/progress.js';
import { noWorkersMessage } from '../migration/no-workers.js';
import type { CommandContext } from '../ports/context.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';
import type { StatusDocument } from './status-document.js';

/** Returns the document of a running root as it is, or as blocked if there is no worker to move the migration. */
export type WorkerCheck = (document: StatusDocument, root: RootDescription) => Promise<StatusDocument>;

// While a worker lives, its figures are rarely older than the 10 s between two sums and the 2 s until they are
// delivered. If they are, a live worker answers at once, and asking in vain takes 8 s: in all, missing workers show
// within 25 s.
const figuresMaxAgeMs = 12_000;
const askEveryMs = 10_000;

/**
 * Makes a check that is cheap while figures are fresh. When they are not, it asks the root something that only a worker
 * can answer. With `atOnce` it asks whatever the age, for a migration that has just been started.
 */
export function expectWorkers(
  { now }: Pick<CommandContext, 'now'>,
  temporal: Pick<TemporalPort, 'isAnswered' | 'taskQueue'>,
  { atOnce = false }: { readonly atOnce?: boolean } = {},
): WorkerCheck {
  let askAtMs = -Infinity;
  let areThere = true;
  return async (document, root) => {
    if (isFinalPhase(document.phase) || document.phase === 'paused') return document;
    const seenAt = root.progress?.at ?? root.startedAt;
    if (!atOnce && now() - Date.parse(seenAt) < figuresMaxAgeMs) return document;
    if (now() >= askAtMs) {
      areThere = await temporal.isAnswered(document.name, root.runId);
      askAtMs = now() + askEveryMs;
    }
    return areThere ? document : withoutWorkers(document, temporal.taskQueue, seenAt);
  };
}

const noWork: Work = { processes: 0, slices: 0, units: 0, unitsMax: 0 };

function withoutWorkers(document: StatusDocument, taskQueue: string, since: string): StatusDocument {
  const { units, blocked } = document;
  const noWorkers: Blocked = {
    ...{ what: 'workers', class: 'NoWorkers', since, units: units.total - units.done - units.empty - units.failed },
    message: noWorkersMessage(taskQueue),
  };
  return {
    ...document,
    ...{ phase: 'blocked', phaseSince: since, rate: zeroRate, etaSeconds: null, etaRange: null },
    ...{ work: noWork, moving: [], throttled: [], credentials: [] },
    blocked: [noWorkers, ...blocked],
  };
}
