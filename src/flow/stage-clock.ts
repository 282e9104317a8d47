/** The stages in which a unit spends its time, in the order in which its bytes pass through them. */
export const stages = ['discover', 'source', 'decode', 'pack', 'publish'] as const;

/**
 * `discover`: finding the blobs. `source`: waiting for their bytes. `decode`: decoding and joining them. `pack`:
 * digests and compression. `publish`: looking at the target, writing the object and proving it.
 */
export type Stage = (typeof stages)[number];

/** The stages that pull from each other while an object is published, each from the one before it. */
type PulledStage = 'source' | 'decode' | 'pack';

/**
 * Measures for which stage a unit waits. Stages overlap: while one segment is packed, the next is decoded. Time counts
 * for the stage that the next one waits for, so that the sum is the time of the unit.
 */
export class StageClock {
  /** The time of a stage includes that of the stages that it pulls from. */
  readonly #ms: Record<Stage, number> = { discover: 0, source: 0, decode: 0, pack: 0, publish: 0 };

  /** Counts the time until `work` settles, and settles as it does. */
  async during<T>(stage: 'discover' | 'publish', work: Promise<T>): Promise<T> {
    const startedMs = performance.now();
    try {
      return await work;
    } finally {
      this.#ms[stage] += performance.now() - startedMs;
    }
  }

  /** Yields the items, and counts the time that passes until each of them comes. */
  async *pull<T>(stage: PulledStage, items: AsyncIterable<T>): AsyncGenerator<T> {
    let startedMs = performance.now();
    let isPulling = true;
    try {
      for await (const item of items) {
        this.#ms[stage] += performance.now() - startedMs;
        isPulling = false;
        yield item;
        isPulling = true;
        startedMs = performance.now();
      }
    } finally {
      // The stage has ended or failed. A consumer that stopped asking waits for nothing.
      if (isPulling) this.#ms[stage] += performance.now() - startedMs;
    }
  }

  /** Returns the seconds spent in each stage so far. */
  get seconds(): Readonly<Record<Stage, number>> {
    const { discover, source, decode, pack, publish } = this.#ms;
    return {
      discover: discover / 1_000,
      source: source / 1_000,
      decode: own(decode, source),
      pack: own(pack, decode),
      publish: own(publish, pack),
    };
  }
}

/** What is left of a stage without the stages that it pulls from; clocks are read at slightly different moments. */
function own(inclusiveMs: number, pulledMs: number): number {
  return Math.max(0, inclusiveMs - pulledMs) / 1_000;
}
