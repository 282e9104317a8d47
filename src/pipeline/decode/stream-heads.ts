/**
 * Looks for beginnings of streams in the bytes of a blob as they pass, however they are cut. Holds the last few bytes.
 */
export class StreamHeads {
  /** Where the last beginning was found, or -1. */
  lastOffset = -1;
  #seenBytes = 0;
  #tail: Uint8Array = new Uint8Array();

  constructor(readonly format: 'bzip2' | 'gzip') {}

  /** Passes on the pieces of a body, and looks at them. */
  async *watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      this.#look(piece);
      yield piece;
    }
  }

  #look(piece: Uint8Array): void {
    const bytes = Buffer.concat([this.#tail, piece]);
    const start = this.#seenBytes - this.#tail.length;
    const { begins, headBytes, isHead } = formats[this.format];
    for (let at = bytes.lastIndexOf(begins); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(begins, at - 1)) {
      if (at + headBytes > bytes.length || !isHead(bytes.subarray(at, at + headBytes))) continue;
      this.lastOffset = start + at;
      break;
    }
    this.#seenBytes += piece.length;
    this.#tail = bytes.subarray(Math.max(0, bytes.length - headBytes + 1));
  }
}

const formats = {
  // Four bytes of magic, and six of a block or of the end of an empty stream.
  bzip2: {
    begins: Buffer.from('BZh'),
    headBytes: 10,
    isHead: (head: Buffer) => /^425a683[1-9](314159265359|177245385090)$/.test(head.toString('hex')),
  },
  // Two bytes of magic, the method, and flags that exist.
  gzip: {
    begins: Buffer.of(0x1f, 0x8b, 8),
    headBytes: 4,
    isHead: (head: Buffer) => (head[3] ?? 0xff) < 0x20,
  },
} as const;
