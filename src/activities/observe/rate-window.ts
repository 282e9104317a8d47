import { zeroRate, type Rate } from '../../domain/figures/progress.js';
import { doneInRun, type RunCounts, type Tally } from '../../domain/figures/tally.js';

// A shorter window would jump with every large unit; a longer one would hide for too long that nothing moves.
const windowMs = 60_000;
// There is at most one look every two seconds.
const samplesMax = 40;

/** Computes speeds from the figures of the last minute. */
export class RateWindow {
  #samples: { readonly atMs: number; readonly done: RunCounts }[];

  /** `before` are the figures of an earlier attempt, from which the first speeds are measured. */
  constructor(before?: { readonly atMs: number; readonly tally: Tally }) {
    this.#samples = before === undefined ? [] : [{ atMs: before.atMs, done: doneInRun(before.tally) }];
  }

  /**
   * Adds the current figures and returns the speeds since the oldest sample in the window; zero for a single sample.
   */
  add(atMs: number, tally: Tally): Rate {
    const done = doneInRun(tally);
    this.#samples = [...this.#samples, { atMs, done }].slice(-samplesMax);
    // The newest sample from before the window stays, so that speeds are always measured over at least a minute.
    while ((this.#samples[1]?.atMs ?? atMs) <= atMs - windowMs) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || first.atMs >= atMs) return zeroRate;
    const seconds = (atMs - first.atMs) / 1_000;
    return {
      unitsPerSecond: (done.units - first.done.units) / seconds,
      blobsPerSecond: (done.blobs - first.done.blobs) / seconds,
      sourceBytesPerSecond: (done.sourceBytes - first.done.sourceBytes) / seconds,
    };
  }
}
