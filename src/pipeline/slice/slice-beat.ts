import type { Failure } from '../../domain/failure.js';
import { rangeLabel, sliceLabel } from '../../domain/ids.js';
import type { SliceBeat, SliceTask } from '../../domain/slice-report.js';
import type { Tally } from '../../domain/tally.js';
import type { DeferredUnit } from './unit-queue.js';

// A beat stays below 4 KiB, to be read by people in the Web UI.
const shownInFlightMax = 50;
const shownMessageMax = 300;

/** Says where an attempt at a slice stands. */
export function sliceBeat(state: {
  readonly task: SliceTask;
  readonly tally: Tally;
  readonly phase: SliceBeat['phase'];
  readonly deferred: readonly DeferredUnit[];
  readonly inFlight: ReadonlySet<number>;
}): SliceBeat {
  const { task, tally, phase, deferred, inFlight } = state;
  const [first] = deferred;
  return {
    v: 1,
    slice: sliceLabel(task),
    range: rangeLabel(task.firstUnit, task.units),
    phase,
    done: tally.units.done,
    failed: tally.units.failed,
    deferred: deferred.length,
    of: task.units,
    inFlight: { count: inFlight.size, indexes: [...inFlight].slice(0, shownInFlightMax) },
    tally,
    ...(first === undefined ? {} : { waitsFor: waitsFor(first.failure) }),
  };
}

function waitsFor(failure: Failure): NonNullable<SliceBeat['waitsFor']> {
  return {
    what: failure.what ?? failure.row.scope,
    class: failure.failureClass,
    message: failure.message.slice(0, shownMessageMax),
  };
}
