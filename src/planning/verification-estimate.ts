import type { VerificationScope } from '../domain/stored/verification-records.js';
import type { Prices } from './prices.js';

/** What a verification takes. */
export interface VerificationEstimate {
  /** HEADs, reads, and requests for tags. */
  readonly requests: number;
  /** In the currency of the price list, without what the bytes that are read cost. */
  readonly cost: number;
  readonly seconds: number;
}

// What a few worker processes reach against a cloud. They are guesses, and shown as such.
const requestsPerSecond = 500;
const bytesPerSecond = 50e6;

/** Estimates the requests, their cost, and the time of a verification of this many objects. */
export function verificationEstimate(
  { readBack, settings }: Pick<VerificationScope, 'readBack' | 'settings'>,
  objects: number,
  { target }: Pick<Prices, 'target'>,
): VerificationEstimate {
  const hasTags = settings.some(({ tags }) => Object.keys(tags).length > 0);
  const requests = objects * (hasTags ? 2 : 1) + readBack.objects;
  return {
    requests,
    // S3 asks the same for a HEAD, a GET and the tags.
    cost: (requests * target.headsPer1000) / 1_000,
    seconds: Math.ceil(requests / requestsPerSecond + readBack.bytes / bytesPerSecond),
  };
}
