import type { Failure } from '../../../domain/failure.js';
import { waitingShownMax, type Waiting } from '../../../domain/figures/slice-report.js';
import type { TroubledUnit } from '../unit-queue.js';

const shownMessageMax = 300;

/**
 * Returns what troubled units wait for: one entry for each class and thing, the one with the most units first. `target`
 * names the target for failures that name nothing.
 */
export function waitingList(troubled: readonly TroubledUnit[], target: string): readonly Waiting[] {
  const groups = new Map<string, TroubledUnit & { readonly failure: Failure; readonly units: number }>();
  for (const { failure, ...unit } of troubled) {
    if (failure === undefined) continue;
    const key = `${whatOf(failure, target)} ${failure.failureClass}`;
    const { units = 0, sinceMs = unit.sinceMs } = groups.get(key) ?? {};
    groups.set(key, { ...unit, failure, units: units + 1, sinceMs: Math.min(sinceMs, unit.sinceMs) });
  }
  return [...groups.values()]
    .sort((a, b) => b.units - a.units)
    .slice(0, waitingShownMax)
    .map(({ failure, sinceMs, units }) => ({
      what: whatOf(failure, target),
      class: failure.failureClass,
      message: failure.message.slice(0, shownMessageMax),
      since: new Date(sinceMs).toISOString(),
      units,
    }));
}

/** Names what a failure is about; `target` names the target for one that names nothing. */
export function whatOf({ what, row }: Failure, target: string): string {
  return what ?? (row.scope === 'target' ? target : row.scope);
}
