import type { PlanTotals } from './plan-sums.js';
import type { Prices } from './prices.js';

/** What a migration costs, in the currency of the price list. `storage` is per month and not part of `total`. */
export interface PlanCost {
  readonly reads: number;
  readonly lists: number;
  readonly egress: number;
  readonly targetRequests: number;
  readonly total: number;
  readonly storagePerMonth: number;
}

const bytesPerGB = 1e9;

/** Returns the cost, or undefined if the price list lacks the storage class. */
export function planCost(
  { moved, requests }: Pick<PlanTotals, 'moved' | 'requests'>,
  { source, target }: Prices,
  storageClass: string,
): PlanCost | undefined {
  const prices = target.classes[storageClass];
  if (prices === undefined) return undefined;
  const reads = ((requests.reads + requests.sourceHeads) * source.readsPer10000) / 10_000;
  const lists = (requests.lists * source.listsPer10000) / 10_000;
  const egress = (moved.bytes / bytesPerGB) * source.egressPerGB;
  const targetRequests = (requests.puts * prices.putsPer1000 + requests.targetHeads * target.headsPer1000) / 1_000;
  return {
    ...{ reads, lists, egress, targetRequests },
    total: reads + lists + egress + targetRequests,
    storagePerMonth: (moved.targetBytes / bytesPerGB) * prices.storagePerGBMonth,
  };
}
