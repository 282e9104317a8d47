import { partSizeBytes, partsMax } from '../domain/target/part-plan.js';

/** Requests that publish one object, by kind. */
export interface TargetRequests {
  /** Put, create, part and complete: all are priced alike. */
  readonly puts: number;
  readonly heads: number;
}

/**
 * Returns the requests that publish an object of about `targetBytes`, made from `sourceBytes`: one put, or, if it has
 * more than one part, a HEAD first, and create, parts and complete.
 */
export function targetRequests(sourceBytes: number, targetBytes: number): TargetRequests {
  let parts = 0;
  for (let left = targetBytes; left > 0 && parts < partsMax; parts += 1) left -= partSizeBytes(sourceBytes, parts + 1);
  return parts <= 1 ? { puts: 1, heads: 0 } : { puts: parts + 2, heads: 1 };
}
