import { CancellationScope, isCancellation, log, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/activity-messages.js';
import type { ControlAddress } from '../../domain/migration-record.js';
import { probeOptions, reprobe } from '../activity-options.js';

interface Probed {
  scope: CancellationScope | undefined;
  /** Releases in a row after which it was soon blocked again. */
  vain: number;
  releasedMs: number;
}

/**
 * Probes blocked accounts and targets, one activity each, and tells when they can be used again. What is blocked again soon after a probe got
 * through (another container is forbidden, for one) is probed after a growing delay, so that a long outage costs few events.
 */
export class BlockedProbes {
  readonly #probed = new Map<string, Probed>();

  constructor(
    readonly migration: { readonly control: ControlAddress; readonly round: number },
    readonly onFree: (what: string) => void,
  ) {}

  /** Begins to probe, unless it does already. Only an operator can tell of other things than accounts and targets. */
  watch(what: string): void {
    if (!what.startsWith('account ') && !what.startsWith('target ')) return;
    const probed = this.#probed.get(what) ?? { scope: undefined, vain: 0, releasedMs: 0 };
    this.#probed.set(what, probed);
    if (probed.scope !== undefined) return;
    const delayMs = reprobe.firstDelayMs * 2 ** probed.vain;
    const soon = probed.releasedMs > 0 && Date.now() - probed.releasedMs < 2 * delayMs;
    probed.vain = soon ? probed.vain + 1 : 0;
    probed.scope = new CancellationScope();
    probed.scope
      .run(async () => {
        if (soon) await sleep(Math.min(delayMs, reprobe.longestDelayMs));
        await this.#probe(what);
        probed.scope = undefined;
        probed.releasedMs = Date.now();
        this.onFree(what);
      })
      .catch((error: unknown) => {
        probed.scope = undefined;
        // An operator's `resume` still releases it.
        if (!isCancellation(error)) log.warn('what is blocked is no longer probed', { what, error });
      });
  }

  /** Ends all probes and forgets what was in vain. */
  stop(): void {
    for (const { scope } of this.#probed.values()) scope?.cancel();
    this.#probed.clear();
  }

  async #probe(what: string): Promise<void> {
    const { probe } = proxyActivities<Pick<Activities, 'probe'>>(probeOptions(workflowInfo().taskQueue));
    const summary = `until ${what} can be used again`;
    await probe.executeWithOptions({ summary }, [{ ...this.migration, what }]);
  }
}
