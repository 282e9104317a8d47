import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import type { TransformDefinition } from '../domain/definition.js';
import { checkSegment } from './deflate/check-segment.js';
import { encodeSegment } from './deflate/encode-segment.js';
import { encoderVersion } from './deflate/encoder-version.js';

type Level = TransformDefinition['level'];

/** One segment of raw bytes, at most 1 MiB; the last one of a member is finished, every other ended by a sync flush. */
export interface RawSegment {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

/** Names the encoder behind a level, for receipts and checkpoints: bytes are equal for one encoder and level. */
export function encoderName(level: Level): string {
  return typeof level === 'number'
    ? `zlib ${process.versions.zlib} level ${String(level)}`
    : `${encoderVersion} ${level}`;
}

/**
 * Deflates a segment: the named levels with our encoder, whose every segment is inflated again by zlib and compared, the numbers with
 * zlib. Where our encoder is found wrong, zlib deflates the segment instead and `report` is told.
 */
export async function packSegment(
  segment: RawSegment,
  level: Level,
  report: (note: string) => void,
): Promise<Uint8Array> {
  if (typeof level === 'number') return await deflateByZlib(segment, level);
  const result = deflateChecked(segment, level);
  if ('deflated' in result) return result.deflated;
  report(
    `EncoderDisagreement: a segment of ${encoderName(level)} was wrong (${result.wrong}) and was deflated by zlib`,
  );
  return await deflateByZlib(segment, zlibLevelInstead);
}

function deflateChecked(
  { bytes, last }: RawSegment,
  level: Exclude<Level, number>,
): { readonly deflated: Uint8Array } | { readonly wrong: string } {
  try {
    const deflated = encodeSegment(bytes, { level, last });
    const difference = checkSegment(deflated, bytes, { last });
    return difference === undefined ? { deflated } : { wrong: difference.message };
  } catch (error) {
    // A trap inside the encoder; its state is fresh with the next segment.
    if (error instanceof WebAssembly.RuntimeError) return { wrong: error.message };
    throw error;
  }
}

const zlibLevelInstead = 6;

const deflateAsync = promisify(deflateRaw);

// One output buffer is enough for most segments of logs: fewer copies.
const deflateChunkBytes = 256 * 1024;

function deflateByZlib({ bytes, last }: RawSegment, level: number): Promise<Uint8Array> {
  const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  return deflateAsync(bytes, { level, finishFlush, chunkSize: deflateChunkBytes });
}
