import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import type { TransformDefinition } from '../../domain/definition.js';
import { checkSegment } from './deflate/check-segment.js';
import { encodeSegment, encoderVersion } from './deflate/encode-segment.js';
import type { RawSegment } from './segments.js';

type Level = TransformDefinition['level'];

/** How a segment is deflated. */
export interface SegmentEncoding {
  readonly level: Level;
  /** Whether zlib inflates what our own encoder has made, and compares. */
  readonly check: boolean;
  /** Called with what belongs in the receipt. */
  readonly report: (note: string) => void;
}

/** Names the encoder of a transform, for receipts and checkpoints: one encoder and level always produce equal bytes. */
export function encoderName({ compress, level }: Pick<TransformDefinition, 'compress' | 'level'>): string {
  if (compress === 'none') return 'not compressed';
  return typeof level === 'number'
    ? `zlib ${process.versions.zlib} level ${String(level)}`
    : `${encoderVersion} ${level}`;
}

/**
 * Deflates a segment of at most 1 MiB: the last one is finished, every other one ends with a sync flush. Named levels
 * use our encoder, numbers use zlib. If our encoder turns out to be wrong, zlib deflates the segment instead, and
 * `report` is called.
 */
export async function packSegment(segment: RawSegment, { level, check, report }: SegmentEncoding): Promise<Uint8Array> {
  if (typeof level === 'number') return await deflateByZlib(segment, level);
  const result = deflateOurselves(segment, level, check);
  if ('deflated' in result) return result.deflated;
  const name = `${encoderVersion} ${level}`;
  report(`EncoderDisagreement: a segment of ${name} was wrong (${result.wrong}) and was deflated by zlib`);
  return await deflateByZlib(segment, zlibLevelInstead);
}

function deflateOurselves(
  { bytes, last }: RawSegment,
  level: Exclude<Level, number>,
  check: boolean,
): { readonly deflated: Uint8Array } | { readonly wrong: string } {
  try {
    const deflated = encodeSegment(bytes, { level, last });
    const difference = check ? checkSegment(deflated, bytes, { last }) : undefined;
    return difference === undefined ? { deflated } : { wrong: difference.message };
  } catch (error) {
    // A trap inside the encoder. It begins the next segment with fresh state.
    if (error instanceof WebAssembly.RuntimeError) return { wrong: error.message };
    throw error;
  }
}

const zlibLevelInstead = 6;

const deflateAsync = promisify(deflateRaw);

// One output buffer holds most segments of logs, which saves copies.
const deflateChunkBytes = 256 * 1024;

function deflateByZlib({ bytes, last }: RawSegment, level: number): Promise<Uint8Array> {
  const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  return deflateAsync(bytes, { level, finishFlush, chunkSize: deflateChunkBytes });
}
