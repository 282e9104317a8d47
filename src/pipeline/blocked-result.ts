import type { Failure } from '../domain/failure.js';
import type { SliceResult } from '../domain/slice-report.js';
import type { Tally } from '../domain/tally.js';

/** Says that a slice waits for what a failure names; `what` is for one that names nothing. */
export function blockedResult(
  failure: Failure,
  slice: { readonly tally: Tally; readonly deferred: number; readonly what: string },
): SliceResult {
  const { failureClass, message } = failure;
  return { state: 'blocked', ...slice, what: failure.what ?? slice.what, class: failureClass, message };
}
