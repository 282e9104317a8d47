import { Failure } from '../../../domain/failure.js';

/**
 * Makes the failure of an answer that is not a store's, whatever its status. `what` says what it holds, such as `no
 * ETag`.
 */
export function noProof(doing: string, bucket: string, what: string): Failure {
  return new Failure(
    'TargetNetwork',
    `${doing} in bucket ${bucket}: the answer holds ${what}; look for a proxy in between`,
    {
      what: `target ${bucket}`,
    },
  );
}
