import type { ThrottledRate } from '../../../flow/adaptive-rate.js';
import { shownMax, type Throttled } from '../../../domain/moment.js';
import { accountName, targetName, type SliceJob } from '../slice-job.js';

/** Returns the stores of a slice that asked for fewer requests, the slowest first. */
export function throttledStores(slice: Pick<SliceJob, 'resources'>): readonly Throttled[] {
  const { throttled } = slice.resources;
  const stores = [
    ...throttled.accounts().map((name) => ({ what: accountName(name), rate: throttled.account(name) })),
    { what: targetName(slice), rate: throttled.target() },
  ];
  return stores
    .flatMap(({ what, rate }) => (rate === undefined ? [] : [{ what, ...rate }]))
    .sort((a, b) => a.perSecond - b.perSecond)
    .slice(0, shownMax.throttled)
    .map(({ what, ...rate }) => throttledStore(what, rate));
}

/** Describes a throttled store, with times of the system clock. */
export function throttledStore(what: string, { perSecond, sinceMs }: ThrottledRate): Throttled {
  const since = new Date(performance.timeOrigin + sinceMs).toISOString();
  return { what, perSecond: Number(perSecond.toPrecision(2)), since };
}
