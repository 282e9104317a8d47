import type { Failure } from '../../../domain/failure.js';
import {
  blockedResult,
  waitingShownMax,
  type SliceResult,
  type Waiting,
} from '../../../domain/figures/slice-report.js';
import type { SliceLedger } from '../../../control/ledger/slice-ledger.js';
import { throttledStore } from './throttled-stores.js';
import { targetName, type SliceJob } from '../slice-job.js';
import type { SliceUnits } from '../slice-units.js';
import { waitingList, whatOf } from './waiting-list.js';

/** How the attempt ended: whether units might still have begun, and what ended it at once, if anything did. */
export interface AttemptEnding {
  readonly takesUnits: boolean;
  readonly blocked?: Failure;
}

/** Returns what the partition is told about an attempt that has flushed its ledger. */
export function attemptResult(
  { slice, ledger, units }: { readonly slice: SliceJob; readonly ledger: SliceLedger; readonly units: SliceUnits },
  { takesUnits, blocked }: AttemptEnding,
): SliceResult {
  const { tally } = ledger;
  const { queue, unfinished } = units;
  const target = targetName(slice);
  if (blocked !== undefined)
    return blockedResult(blocked, { tally, deferred: unfinished, what: whatOf(blocked, target) });
  if (unfinished === 0) return { state: 'complete', tally };
  const [first] = queue.deferred;
  if (first !== undefined && queue.deferred.length === unfinished)
    return blockedResult(first.failure, { tally, deferred: unfinished, what: whatOf(first.failure, target) });
  const retryInMs = queue.untilNext(performance.now());
  // Units that were not moved to the end when the time was up, or not begun in a drain, do not wait for anything.
  if (!takesUnits || retryInMs === undefined) return { state: 'partial', tally };
  const waiting = [...waitingList(queue.troubled, target), ...withoutRoom(units)].slice(0, waitingShownMax);
  return { state: 'waiting', tally, retryInMs: Math.ceil(retryInMs), waiting };
}

/** Returns what the units wait for that find no room beside others of their throttled account. */
function withoutRoom({ queue, throttled }: SliceUnits): readonly Waiting[] {
  const byAccount = new Map<string, Waiting>();
  for (const unit of queue.ready) {
    const account = throttled.throttledAccount(unit);
    if (account === undefined) continue;
    const { what, perSecond, since } = throttledStore(account.what, account.rate);
    const message = `it asked for fewer requests, and gets ${String(perSecond)} a second from each worker process`;
    const units = (byAccount.get(what)?.units ?? 0) + 1;
    byAccount.set(what, { what, class: 'SourceThrottled', message, since, units });
  }
  return [...byAccount.values()];
}
