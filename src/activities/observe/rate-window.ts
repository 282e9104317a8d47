import { zeroRate, type Rate } from '../../domain/progress.js';
import { finishedUnits, type Tally } from '../../domain/tally.js';

// About a minute: shorter jumps with every large unit, longer hides that something has stopped.
const windowMs = 60_000;
// One look every two seconds at most.
const samplesMax = 40;

/** Computes speeds from the figures of the last minute. */
export class RateWindow {
  #samples: { readonly atMs: number; readonly tally: Tally }[] = [];

  /** Takes the figures of now and gives the speeds since the oldest sample in the window; zero from a single sample. */
  add(atMs: number, tally: Tally): Rate {
    this.#samples = [...this.#samples, { atMs, tally }].slice(-samplesMax);
    // The newest one from before the window stays, so that the window is never shorter than a minute once there was
    // one.
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

/** Gives the seconds until all units are finished at this speed, or null where nothing can be said. */
export function etaSeconds(total: number, tally: Tally, rate: Rate): number | null {
  const left = total - finishedUnits(tally);
  if (left <= 0) return 0;
  return rate.unitsPerSecond > 0 ? Math.ceil(left / rate.unitsPerSecond) : null;
}
