import { ApplicationFailure } from '@temporalio/common';
import type { Failure } from '../domain/failure.js';
import type { Redact } from '../domain/text/redact-secrets.js';

/** The server cuts a failure that it keeps with a pending activity to 4 KiB and warns at 2 KiB. */
export const pendingLengthMax = 1_000;
// A final failure is kept in the history, and may name many accounts.
const finalLengthMax = 8_000;

/** Where a failure happened, which decides whether it is final. */
export interface FailureOptions {
  /**
   * `preparing`: nothing has moved, so whatever an operator must change first is final. `moving`: only what no worker
   * can get past ends a migration; another worker may have the credential or the right clock. `finishing`: what trying
   * again cannot change is final.
   */
  readonly stage: 'preparing' | 'moving' | 'finishing';
  readonly redact: Redact;
  /** Whether `preparing` has been tried often enough. */
  readonly lastAttempt?: boolean;
}

/**
 * Turns a failure into the form that Temporal keeps: the class as its type, the message with what to do next, and
 * whether to try again. It has neither cause nor stack, which would contain requests and paths of the machine.
 */
export function toApplicationFailure(failure: Failure, options: FailureOptions): ApplicationFailure {
  const { failureClass, row, what, blob, retryAfterMs } = failure;
  const nonRetryable = isFinal(failure, options);
  const message = options.redact(failure.message).slice(0, nonRetryable ? finalLengthMax : pendingLengthMax);
  const applicationFailure = ApplicationFailure.create({
    type: failureClass,
    message: `${message}. Next: ${row.hint}`,
    nonRetryable,
    ...(retryAfterMs !== undefined && { nextRetryDelay: retryAfterMs }),
    details: [{ class: failureClass, ...(what !== undefined && { what }), ...(blob !== undefined && { blob }) }],
  });
  applicationFailure.stack = '';
  return applicationFailure;
}

/** Reports whether a failure is not tried again. */
export function isFinal(
  { failureClass, row }: Failure,
  { stage, lastAttempt }: Pick<FailureOptions, 'stage' | 'lastAttempt'>,
): boolean {
  if (stage === 'preparing') return row.retry === 'no' || row.blocks === true || lastAttempt === true;
  if (stage === 'finishing') return row.retry === 'no';
  const ofThisWorker = failureClass === 'ConfigError/Credential' || failureClass === 'ClockSkew';
  // A class of scope unit or slice ends an attempt at most, never the migration. The next attempt may get through, or
  // shows as failing.
  return row.retry === 'no' && row.scope === 'migration' && !ofThisWorker;
}
