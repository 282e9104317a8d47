import type { FailureClass } from '../domain/failure-classes.js';
import type { Receipt } from '../domain/receipt.js';

/** Returns the requests of a unit that failed and were repeated, by class. */
export function retriesOf({ took }: Pick<Receipt, 'took'>): readonly (readonly [FailureClass, number])[] {
  return Object.entries(took?.retries ?? {}) as [FailureClass, number][];
}
