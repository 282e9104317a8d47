import type { Failure } from '../../../domain/failure.js';

/** Ends an attempt at once because of something that somebody has to put right; not a failure of the attempt. */
export class AttemptBlocked extends Error {
  override readonly name = 'AttemptBlocked';

  constructor(readonly failure: Failure) {
    super(failure.message, { cause: failure });
  }
}
