/** Raw bytes of every segment but the last. */
export const segmentRawBytes = 1024 * 1024;

/**
 * Memory for the segments of one unit: two buffers in turn, because one is packed while the next is filled. Buffers are
 * kept for the next unit: new memory for every segment would pile up until the garbage collector runs.
 */
export class SegmentMemory {
  readonly #buffers: Uint8Array[] = [];
  #turn = 0;

  /** Returns a buffer for the next segment. What it held before the last one is overwritten. */
  next(): Uint8Array {
    this.#turn = 1 - this.#turn;
    return (this.#buffers[this.#turn] ??= idle.pop() ?? Buffer.allocUnsafeSlow(segmentRawBytes));
  }

  /**
   * Lets other units have the buffers. Nothing may use them afterwards. Without this call, they are collected as
   * garbage some time.
   */
  release(): void {
    for (const buffer of this.#buffers.splice(0)) if (idle.length < idleMax) idle.push(buffer);
  }
}

// As many units as a process begins with: 16 MiB.
const idleMax = 16;
const idle: Uint8Array[] = [];
