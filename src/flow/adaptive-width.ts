/** What a process has measured about itself since the last look. */
export interface SeenOfProcess {
  /** Share of the time that the event loop was at work, from 0 to 1. */
  readonly utilization: number;
  /** Whether as many units are in flight as are allowed. */
  readonly full: boolean;
  /** Whether a store or an operator slows the process down, so that more units would only wait. */
  readonly heldBack: boolean;
  /** Memory of the process, in bytes. */
  readonly memoryBytes: number;
}

/** Bounds for the number of units, and for the memory that is never exceeded on purpose. */
export interface WidthBounds {
  /** Where it starts. It never falls below. */
  readonly least: number;
  readonly most: number;
  readonly memoryBytesMax: number;
}

/** Below this, the processor waits for stores, and more units in flight let it do more. */
const idleBelow = 0.9;
// From 16 to 64 in seven steps.
const wider = 1.25;
const narrower = 0.9;

/**
 * Finds how many units a process must have in flight to keep its processor at work, whatever the latency of its stores:
 * it allows more while the processor idles although all places are taken.
 */
export class AdaptiveWidth {
  #width: number;

  constructor(readonly bounds: WidthBounds) {
    this.#width = bounds.least;
  }

  get width(): number {
    return this.#width;
  }

  /** Takes what was measured over a few seconds, and returns the width from now on. */
  next({ utilization, full, heldBack, memoryBytes }: SeenOfProcess): number {
    const { least, most, memoryBytesMax } = this.bounds;
    if (memoryBytes > memoryBytesMax) {
      this.#width = Math.max(least, Math.floor(this.#width * narrower));
    } else if (full && !heldBack && utilization < idleBelow) {
      this.#width = Math.min(most, Math.ceil(this.#width * wider));
    }
    return this.#width;
  }
}
