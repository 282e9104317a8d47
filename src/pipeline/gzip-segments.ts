import type { TransformDefinition } from '../domain/definition.js';
import { packSegment, type RawSegment } from './pack-segment.js';
import type { RawDigest, RawState } from './raw-digest.js';
import { settled, unwrap, type Settled } from './settled.js';

/** Raw bytes of every segment but the last. */
export const segmentRawBytes = 1024 * 1024;

/**
 * Packs raw bytes into one gzip member made of segments: each exactly {@link segmentRawBytes} of raw bytes, deflated with fresh state and
 * ended by a sync flush, the last one finished. The header has no time and no name. So equal raw bytes give equal gzip bytes however
 * they are cut into pieces, and a process can go on at any segment: then `digest` is the one of the bytes before, and there is no header.
 * Gives the segments packed, the first with the header and the last with the trailer, and feeds the raw bytes to `digest`.
 * `report` is told of what belongs into the receipt.
 */
export async function* gzipSegments(
  raw: AsyncIterable<Uint8Array>,
  level: TransformDefinition['level'],
  digest: RawDigest,
  report: (note: string) => void,
): AsyncGenerator<PackedSegment> {
  // One segment is deflated by the thread pool while the next is decoded and collected: two in flight, in order.
  let underWay: Promise<Settled<PackedSegment>> | undefined;
  let before: readonly Uint8Array[] = digest.bytes === 0 ? [header] : [];
  for await (const segment of exactSegments(raw)) {
    digest.update(segment.bytes);
    const parts = { before, segment, after: segment.last ? [trailer(digest)] : [], rawEnd: digest.save() };
    before = [];
    const packed = settled(packWhole(parts, level, report));
    if (underWay !== undefined) yield unwrap(await underWay);
    underWay = packed;
  }
  if (underWay !== undefined) yield unwrap(await underWay);
}

/** One segment of the target object. */
export interface PackedSegment {
  readonly bytes: Uint8Array;
  /** State of the raw digest at the segment's end, where it is resumable. */
  readonly rawEnd: RawState | undefined;
}

async function packWhole(
  parts: {
    readonly before: readonly Uint8Array[];
    readonly segment: RawSegment;
    readonly after: readonly Uint8Array[];
    readonly rawEnd: RawState | undefined;
  },
  level: TransformDefinition['level'],
  report: (note: string) => void,
): Promise<PackedSegment> {
  const deflated = await packSegment(parts.segment, level, report);
  return { bytes: joined([...parts.before, deflated, ...parts.after]), rawEnd: parts.rawEnd };
}

// ID, deflate, no flags, no time, no extra flags, operating system "unknown".
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

function trailer(digest: RawDigest): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(digest.crc32Value, 0);
  bytes.writeUInt32LE(digest.bytes % 2 ** 32, 4); // ISIZE is the length modulo 2^32.
  return bytes;
}

/**
 * Cuts pieces of any size into exact segments. The last one is the rest, and may be empty: a gzip member has at least one. The bytes of any
 * other are good until the second one after it is asked for.
 */
async function* exactSegments(raw: AsyncIterable<Uint8Array>): AsyncGenerator<RawSegment> {
  // Two in turn, as one is packed while the next is collected: new memory for every segment of a large unit would pile up until it is
  // collected as garbage.
  const buffers = [emptyBytes, emptyBytes] as [Uint8Array, Uint8Array];
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of raw) {
    let rest = piece;
    // A full segment is given only when more follows, so that the last one is known to be the last.
    while (rest.length > 0) {
      if (held === segmentRawBytes) {
        buffers.reverse();
        buffers[0] = joinedIn(buffers[0], pieces);
        yield { bytes: buffers[0], last: false };
        pieces = [];
        held = 0;
      }
      const taken = rest.subarray(0, segmentRawBytes - held);
      pieces.push(taken);
      held += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield { bytes: joined(pieces), last: true };
}

const emptyBytes = new Uint8Array(0);

/** Joins pieces that make a whole segment, in a buffer made for the first one. */
function joinedIn(buffer: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
  const segment = buffer.length === segmentRawBytes ? buffer : Buffer.allocUnsafeSlow(segmentRawBytes);
  let length = 0;
  for (const piece of pieces) {
    segment.set(piece, length);
    length += piece.length;
  }
  return segment;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}
