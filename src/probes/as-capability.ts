import { Failure, toFailure } from '../domain/failure.js';

/** Returns the error as it is, or as `TargetCapability` if the store does not implement what was asked of it. */
export function asCapability(error: unknown): unknown {
  const { failureClass, status, message } = toFailure(error);
  if (failureClass !== 'TargetRefused' || status !== 501) return error;
  return new Failure('TargetCapability', message, { cause: error });
}
