import { zeroRate, type Rate } from '../../domain/progress.js';
import { finishedUnits, type Tally } from '../../domain/tally.js';

// A shorter window would jump with every large unit; a longer one would hide for too long that nothing moves.
const windowMs = 60_000;
// There is at most one look every two seconds.
const samplesMax = 40;

/** Computes speeds from the figures of the last minute. */
export class RateWindow {
  #samples: { readonly atMs: number; readonly tally: Tally }[];

  /** `before` are the figures of an earlier attempt, from which the first speeds are measured. */
  constructor(before?: { readonly atMs: number; readonly tally: Tally }) {
    this.#samples = before === undefined ? [] : [before];
  }

  /**
   * Adds the current figures and returns the speeds since the oldest sample in the window; zero for a single sample.
   */
  add(atMs: number, tally: Tally): Rate {
    this.#samples = [...this.#samples, { atMs, tally }].slice(-samplesMax);
    // The newest sample from before the window stays, so that speeds are always measured over at least a minute.
    while ((this.#samples[1]?.atMs ?? atMs) <= atMs - windowMs) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || first.atMs >= atMs) return zeroRate;
    const seconds = (atMs - first.atMs) / 1_000;
    return {
      unitsPerSecond: (finishedUnits(tally) - finishedUnits(first.tally)) / seconds,
      blobsPerSecond: (tally.blobs.done - first.tally.blobs.done) / seconds,
      sourceBytesPerSecond: (tally.bytes.source - first.tally.bytes.source) / seconds,
    };
  }
}
