import { createBzip2Core, type Bzip2Core } from './bzip2-core.js';
import { Bzip2Error, faultNames } from './bzip2-error.js';

/**
 * Decodes one input after another, synchronously: all streams of each, with block and stream checksums checked and
 * nothing allowed after the last stream. Holds 11.4 MiB of address space and allocates nothing but the pieces it
 * yields, of at most 128 KiB each.
 *
 * A block may come out in pieces before its checksum is checked, so nothing counts before {@link end} has yielded its
 * last piece.
 */
export class Bzip2Decoder {
  readonly #core: Bzip2Core;
  readonly #memory: Uint8Array;
  readonly #outputPlace: number;
  readonly #needsInput: number;
  readonly #hasOutput: number;
  readonly #ended: number;
  readonly #head = new Uint8Array(headBytes);
  #headLength = 0;
  #lends = false;

  constructor() {
    this.#core = createBzip2Core();
    // The core never grows its memory, so this view stays good.
    this.#memory = new Uint8Array(this.#core.memory.buffer);
    this.#outputPlace = this.#core.outputPlace();
    this.#needsInput = this.#core.needsInput.value;
    this.#hasOutput = this.#core.hasOutput.value;
    this.#ended = this.#core.ended.value;
    this.reset();
  }

  /**
   * Forgets the input so far, whole or not, to begin with another one. With `lends`, its pieces are lent: they are in
   * the decoder's memory, and valid until the next one is asked for.
   */
  reset({ lends = false }: { readonly lends?: boolean } = {}): void {
    this.#core.reset();
    this.#headLength = 0;
    this.#lends = lends;
  }

  /** Compressed bytes that the output so far was made from. */
  get usedBytes(): number {
    return this.#core.usedBytes();
  }

  /** Streams begun so far, including empty ones. */
  get streams(): number {
    return this.#core.streamNumber();
  }

  /**
   * Takes further bytes, in any portions, and yields what can be decoded by now. Read it to the end. Throws {@link
   * Bzip2Error}.
   */
  *write(bytes: Uint8Array): Generator<Uint8Array, void> {
    this.#noteHead(bytes);
    for (let start = 0; start < bytes.length;) {
      const place = this.#core.inputPlace();
      const portion = bytes.subarray(start, start + this.#core.inputRoom());
      this.#memory.set(portion, place);
      this.#core.accept(portion.length);
      start += portion.length;
      yield* this.#run(false);
    }
  }

  /** Takes the end of the input and yields the rest. Throws {@link Bzip2Error}. */
  *end(): Generator<Uint8Array, void> {
    yield* this.#run(true);
  }

  *#run(last: boolean): Generator<Uint8Array, void> {
    for (;;) {
      const status = this.#core.run(last);
      if (status === this.#hasOutput) {
        const start = this.#outputPlace;
        const end = start + this.#core.outputLength();
        yield this.#lends ? this.#memory.subarray(start, end) : copyOf(this.#memory, start, end);
      } else if (status === this.#needsInput || status === this.#ended) {
        return;
      } else {
        throw this.#error(status);
      }
    }
  }

  #noteHead(bytes: Uint8Array): void {
    if (this.#headLength === headBytes) return;
    const noted = bytes.subarray(0, headBytes - this.#headLength);
    this.#head.set(noted, this.#headLength);
    this.#headLength += noted.length;
  }

  #error(status: number): Bzip2Error {
    const fault = faultNames.find((name) => this.#core[name].value === status);
    if (fault === undefined)
      throw new Error(`The bzip2 decoder ended with status ${String(status)}, which is not known`);
    const place = {
      stream: this.#core.streamNumber() || undefined,
      block: this.#core.blockNumber() || undefined,
      offset: this.#core.faultOffset(),
    };
    return new Bzip2Error(fault, place, this.#head.subarray(0, this.#headLength));
  }
}

// Enough bytes to distinguish bzip2 from other formats.
const headBytes = 4;

function copyOf(memory: Uint8Array, start: number, end: number): Uint8Array {
  // Not filled with zeros first, and not from Node's shared pool, which small pieces would keep alive.
  const copy = Buffer.allocUnsafeSlow(end - start);
  copy.set(memory.subarray(start, end));
  return copy;
}
