import type { PackedSegment } from '../../../src/pipeline/pack/segments.js';
/** Gives pieces one after another. */
export async function* piecesOf(pieces: Iterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield Buffer.from(piece);
  }
}

/** Cuts bytes at the positions given, in any order and with repeats: equal positions make empty pieces. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): readonly Uint8Array[] {
  const cuts = positions.map((position) => Math.min(position, bytes.length)).sort((a, b) => a - b);
  return [...cuts, bytes.length].map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end));
}

/** Reads to the end and joins. */
export async function joinAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** Bytes that hardly compress, equal for equal seeds. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}

/** Gives the bytes of packed segments. */
export async function* bytesOf(segments: AsyncIterable<PackedSegment>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of segments) yield bytes;
}

/** Makes packed segments of bytes, without a state of the digest. */
export async function* segmentsOf(pieces: Iterable<Uint8Array>): AsyncGenerator<PackedSegment> {
  for (const bytes of pieces) yield { bytes, rawEnd: undefined };
}
