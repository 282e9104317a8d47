import { Failure } from '../domain/failure.js';
import type { UnitOutcome } from '../domain/unit.js';
import type { EndedTry } from '../pipeline/slice/slice-job.js';

/**
 * Returns what became of a try at a unit: its outcome if it left a receipt, else `retried`, or `deferred` if the unit
 * waits for somebody.
 */
export function unitOutcome(outcome: EndedTry['outcome']): UnitOutcome | 'retried' | 'deferred' {
  if (!(outcome instanceof Failure)) return outcome.state;
  return outcome.row.blocks === true ? 'deferred' : 'retried';
}
