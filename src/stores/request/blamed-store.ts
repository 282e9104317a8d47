import { failureClassRow, type FailureClass } from '../../domain/failure-classes.js';

/**
 * Returns the store as the thing that a failed request is about; undefined for a class that blames this machine, which
 * lacks something whichever store it talks to.
 */
export function blamedStore(failureClass: FailureClass, store: string): string | undefined {
  return failureClassRow(failureClass).scope === 'worker' ? undefined : store;
}
