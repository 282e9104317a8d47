import { createDeflateCore } from './deflate-core.js';

/** How hard to look for repetitions; see `assembly/level.ts`. */
export type DeflateLevel = 'fast' | 'standard' | 'small';

/** How a segment is encoded. */
export interface SegmentOptions {
  readonly level: DeflateLevel;
  /**
   * The last segment ends with a final block; any other with a sync flush, byte-aligned, so that another one can
   * follow.
   */
  readonly last: boolean;
}

/**
 * Deflates segments of at most 1 MiB, each with fresh state, so that the result depends on the raw bytes and the
 * options alone. Allocates nothing for a segment but its output. Serves any number of segments, one after another.
 */
export class DeflateEncoder {
  readonly #core = createDeflateCore();
  readonly #memory = new Uint8Array(this.#core.memory.buffer);

  /**
   * Deflates raw bytes (RFC 1951). The result is longer by at most 5 bytes for each 65,535 or part of them, and 5 for
   * the end: 90 for 1 MiB. Takes about 4 ms per MiB, without a pause. Throws a RangeError for more than 1 MiB.
   */
  encodeSegment(bytes: Uint8Array, { level, last }: SegmentOptions): Uint8Array<ArrayBuffer> {
    const { inputAt, outputAt, segmentBytesMax } = this.#core;
    if (bytes.length > segmentBytesMax.value) {
      throw new RangeError(
        `a segment has at most ${String(segmentBytesMax.value)} bytes, this one has ${String(bytes.length)}`,
      );
    }
    this.#memory.set(bytes, inputAt.value);
    const deflatedBytes = this.#core.deflateSegment(bytes.length, levelNumbers[level], last);
    return this.#memory.slice(outputAt.value, outputAt.value + deflatedBytes);
  }

  /** Work that the last segment took, in the steps that `assembly/work.ts` counts. */
  get stepsTaken(): number {
    return this.#core.stepsTaken();
  }
}

const levelNumbers: Readonly<Record<DeflateLevel, number>> = { fast: 0, standard: 1, small: 2 };
