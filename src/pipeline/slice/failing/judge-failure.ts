import type { Failure } from '../../../domain/failure.js';

/**
 * What follows from a failure that has no receipt. `retry`: it may pass, so the unit is tried again later. `defer`:
 * somebody has to put an account right; the unit is put aside and the others continue. `block`: the target refuses, so
 * moving on would only download for nothing. `end`: the attempt itself cannot go on.
 */
export type Verdict = 'retry' | 'defer' | 'block' | 'end';

/** Judges a failure by the row of its class. */
export function judgeFailure({ what, row: { retry, scope, blocks } }: Failure): Verdict {
  if (scope === 'migration' || scope === 'slice') return 'end';
  // A credential or an endpoint is that of an account or of a bucket, whatever the scope of the class.
  if (blocks === true) return scope === 'target' || /^(target|control) /.test(what ?? '') ? 'block' : 'defer';
  return retry === 'no' ? 'end' : 'retry';
}
