import { joinPieces } from '../../domain/join-pieces.js';
import { exactSegments, type PackedSegment, type RawSegment } from './segments.js';
import { SegmentMemory } from './segment-memory.js';
import { packSegment, type SegmentEncoding } from './pack-segment.js';
import type { RawDigest, RawState } from './raw-digest.js';
import { settled, unwrap, type Settled } from '../../flow/settled.js';

/**
 * Packs raw bytes into one gzip member made of segments: each is exactly 1 MiB of raw bytes, deflated with fresh state
 * and ended by a sync flush, and the last one is finished. The header has no time and no name. So equal raw bytes give
 * equal gzip bytes, however they are cut into pieces, and any process can resume at a segment: then `digest` is that of
 * the bytes before, and there is no header. Yields the packed segments, the first with the header and the last with the
 * trailer, and feeds the raw bytes to `digest`. zlib inflates `checkShare` of the segments of our own encoder again;
 * which ones depends on the raw bytes alone. `report` is called with what belongs in the receipt.
 */
export async function* gzipSegments(
  raw: AsyncIterable<Uint8Array>,
  { level, checkShare }: { readonly level: SegmentEncoding['level']; readonly checkShare: number },
  digest: RawDigest,
  report: (note: string) => void,
): AsyncGenerator<PackedSegment> {
  // The thread pool deflates one segment while the next is decoded and collected: two in flight, in order.
  let underWay: Promise<Settled<PackedSegment>> | undefined;
  let before: readonly Uint8Array[] = digest.bytes === 0 ? [header] : [];
  const memory = new SegmentMemory();
  for await (const segment of exactSegments(raw, memory)) {
    digest.update(segment.bytes);
    const parts = { before, segment, after: segment.last ? [trailer(digest)] : [], rawEnd: digest.save() };
    before = [];
    // A CRC-32 serves as a random number that is the same in every attempt.
    const check = digest.crc32Value / 2 ** 32 < checkShare;
    const packed = settled(packWhole(parts, { level, check, report }));
    if (underWay !== undefined) yield unwrap(await underWay);
    underWay = packed;
  }
  const last = underWay && unwrap(await underWay);
  memory.release();
  if (last !== undefined) yield last;
}

async function packWhole(
  parts: {
    readonly before: readonly Uint8Array[];
    readonly segment: RawSegment;
    readonly after: readonly Uint8Array[];
    readonly rawEnd: RawState | undefined;
  },
  encoding: SegmentEncoding,
): Promise<PackedSegment> {
  const deflated = await packSegment(parts.segment, encoding);
  return { bytes: joinPieces([...parts.before, deflated, ...parts.after]), rawEnd: parts.rawEnd };
}

// ID, deflate, no flags, no time, no extra flags, operating system "unknown".
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

function trailer(digest: RawDigest): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(digest.crc32Value, 0);
  bytes.writeUInt32LE(digest.bytes % 2 ** 32, 4); // ISIZE is the length modulo 2^32.
  return bytes;
}
