import type { Failure } from '../../../domain/failure.js';
import { rangeLabel, sliceLabel } from '../../../domain/ids.js';
import { shownMax } from '../../../domain/moment.js';
import type { SliceBeat } from '../../../domain/figures/slice-report.js';
import type { SliceLedger } from '../../../control/ledger/slice-ledger.js';
import { targetName, type SliceJob } from '../slice-job.js';
import type { SliceUnits } from '../slice-units.js';
import { throttledStores } from './throttled-stores.js';
import { waitingList, whatOf } from './waiting-list.js';

// A beat stays below 4 KiB, to be read by people in the Web UI.
const shownInFlightMax = 50;
const shownMessageMax = 300;
// Trouble that passes sooner interests nobody. Together with three seconds until the next beat, five until it is
// delivered, two until it is read (ten in a migration of 40 partitions), and four until the sum is on a terminal, what
// waits shows within 20 s, and in a large migration within 30 s.
const troubledForMs = 5_000;

/** Returns where an attempt at a slice stands. */
export function sliceBeat(
  { slice, ledger, units }: { readonly slice: SliceJob; readonly ledger: SliceLedger; readonly units: SliceUnits },
  phase: SliceBeat['phase'],
): SliceBeat {
  const { task } = slice;
  const { tally } = ledger;
  const { queue, inFlight } = units;
  const { deferred } = queue;
  const [first] = deferred;
  const nowMs = Date.now();
  const troubled = units.troubled.filter(({ sinceMs }) => nowMs - sinceMs >= troubledForMs);
  const waiting = waitingList(troubled, targetName(slice));
  const throttled = throttledStores(slice);
  return {
    v: 1,
    slice: sliceLabel(task),
    range: rangeLabel(task.firstUnit, task.units),
    phase,
    done: tally.units.done,
    failed: tally.units.failed,
    deferred: deferred.length,
    of: task.units,
    inFlight: {
      count: inFlight.size,
      indexes: [...inFlight.keys()].slice(0, shownInFlightMax),
      most: slice.control?.unitsInFlight ?? slice.process.unitsInFlight,
      // They are in the order in which they began.
      longest: [...inFlight.values()].slice(0, shownMax.moving).map(({ progress }) => progress),
    },
    tally,
    ...(first === undefined ? {} : { waitsFor: waitsFor(first.failure, targetName(slice)) }),
    ...(waiting.length === 0 ? {} : { waiting }),
    ...(throttled.length === 0 ? {} : { throttled }),
  };
}

function waitsFor(failure: Failure, target: string): NonNullable<SliceBeat['waitsFor']> {
  return {
    what: whatOf(failure, target),
    class: failure.failureClass,
    message: failure.message.slice(0, shownMessageMax),
  };
}
