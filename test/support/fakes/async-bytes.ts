import type { PackedSegment } from '../../../src/pipeline/pack/segments.js';
/** Yields the pieces one after another. */
export async function* piecesOf(pieces: Iterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield Buffer.from(piece);
  }
}

/** Cuts bytes at the positions given, in any order. A repeated position makes an empty piece. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): readonly Uint8Array[] {
  const cuts = positions.map((position) => Math.min(position, bytes.length)).sort((a, b) => a - b);
  return [...cuts, bytes.length].map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end));
}

/** Reads to the end and returns all pieces joined. */
export async function joinAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** Returns bytes that hardly compress. Equal seeds give equal bytes. */
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

/** Yields the bytes of packed segments. */
export async function* bytesOf(segments: AsyncIterable<PackedSegment>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of segments) yield bytes;
}

/** Makes packed segments from bytes, without a digest state. */
export async function* segmentsOf(pieces: Iterable<Uint8Array>): AsyncGenerator<PackedSegment> {
  for (const bytes of pieces) yield { bytes, rawEnd: undefined };
}
