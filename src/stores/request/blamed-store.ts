import { failureClassRow, type FailureClass } from '../../domain/failure-classes.js';

/**
 * Returns the store as what a failed request to it is about; undefined for a class that blames this machine, which is
 * short of something whatever store it talks to.
 */
export function blamedStore(failureClass: FailureClass, store: string): string | undefined {
  return failureClassRow(failureClass).scope === 'worker' ? undefined : store;
}
