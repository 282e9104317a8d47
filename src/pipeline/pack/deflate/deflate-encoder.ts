import { createDeflateCore } from './deflate-core.js';

/** How hard to look for repetitions; see `assembly/level.ts`. */
export type DeflateLevel = 'fast' | 'standard' | 'small';

/** How a segment is encoded. */
export interface SegmentOptions {
  readonly level: DeflateLevel;
  /** The last segment ends with a final block; any other with a sync flush, byte-aligned, so that another one can follow. */
  readonly last: boolean;
}

/**
 * Deflates segments of at most 1 MiB, each with fresh state: a segment's bytes depend on its raw bytes and the options alone. Allocates
 * nothing for a segment but its output. Serves any number of segments, one after the other.
 */
export class DeflateEncoder {
  readonly #core = createDeflateCore();
  readonly #memory = new Uint8Array(this.#core.memory.buffer);

  /**
   * Deflates raw bytes (RFC 1951) into at most 5 bytes more for each 65,535 begun and 5 for the end: 90 more for 1 MiB. Takes about
   * 4 ms a MiB without a pause. Throws a RangeError for more than 1 MiB.
   */
  encodeSegment(bytes: Uint8Array, { level, last }: SegmentOptions): Uint8Array<ArrayBuffer> {
    const { inputAt, outputAt, segmentBytesMax } = this.#core;
    if (bytes.length > segmentBytesMax.value) {
      throw new RangeError(
        `A segment has at most ${String(segmentBytesMax.value)} bytes, this one ${String(bytes.length)}: cut it before it is encoded`,
      );
    }
    this.#memory.set(bytes, inputAt.value);
    const deflatedBytes = this.#core.deflateSegment(bytes.length, levelNumbers[level], last);
    return this.#memory.slice(outputAt.value, outputAt.value + deflatedBytes);
  }

  /** Work that the last segment took, in steps as `assembly/work.ts` counts them. */
  get stepsTaken(): number {
    return this.#core.stepsTaken();
  }
}

const levelNumbers: Readonly<Record<DeflateLevel, number>> = { fast: 0, standard: 1, small: 2 };
