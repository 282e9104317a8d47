import { crc32, inflateRawSync, type InflateRaw } from 'node:zlib';

/** How a deflated segment differs from what it should be: which check failed, and what was found. */
export interface SegmentDifference {
  readonly check: 'readable' | 'length' | 'crc32' | 'ending';
  readonly message: string;
}

/**
 * Inflates a deflated segment with zlib and compares length and CRC-32 with the raw bytes; returns undefined if they
 * are right. It also checks the end: the last segment ends with a final block and nothing after it, any other with a
 * sync flush, after which the next begins.
 *
 * Synchronous. On logs it takes a fifth to a quarter of the time of encoding at level `standard`, and more than half on
 * incompressible bytes, which are encoded very fast; `npm run bench -- codec` measures it. zlib's asynchronous form
 * costs the same in a thread of its pool, and a tenth of that in this one.
 */
export function checkSegment(
  deflated: Uint8Array,
  raw: Uint8Array,
  { last }: { readonly last: boolean },
): SegmentDifference | undefined {
  if (!last && !endsWith(deflated, syncFlush)) {
    return { check: 'ending', message: 'it does not end with a sync flush' };
  }
  // Closed by an empty final block, so that zlib itself checks that a block can follow and nothing is left over.
  const whole = last ? deflated : Buffer.concat([deflated, emptyFinalBlock]);
  const inflated = inflate(whole, raw.length);
  if ('check' in inflated) return inflated;
  if (inflated.bytes.length !== raw.length) {
    return { check: 'length', message: `it inflates to ${count(inflated.bytes)}, not ${count(raw)}` };
  }
  if (crc32(inflated.bytes) !== crc32(raw)) {
    return { check: 'crc32', message: `it inflates to other bytes than its ${count(raw)}` };
  }
  if (inflated.readBytes !== whole.length) {
    return {
      check: 'ending',
      message: `it ends at byte ${String(inflated.readBytes)} of ${String(deflated.length)}`,
    };
  }
  return undefined;
}

const syncFlush = Uint8Array.of(0x00, 0x00, 0xff, 0xff);
const emptyFinalBlock = Uint8Array.of(0x03, 0x00);

/**
 * Inflates to the end of the final block. Room for one more byte than expected is enough to notice that there are too
 * many.
 */
function inflate(
  deflated: Uint8Array,
  rawBytes: number,
): { readonly bytes: Uint8Array; readonly readBytes: number } | SegmentDifference {
  try {
    // With `info`, zlib also returns its engine, which knows how many bytes it has read; Node's types omit that.
    const { buffer, engine } = inflateRawSync(deflated, {
      chunkSize: Math.max(rawBytes + 1, 64), // zlib takes no less than 64
      maxOutputLength: rawBytes + 64,
      info: true,
    }) as unknown as { readonly buffer: Uint8Array; readonly engine: InflateRaw };
    return { bytes: buffer, readBytes: engine.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return { check: 'length', message: `it inflates to more than the ${String(rawBytes)} bytes it should` };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { check: 'readable', message: `zlib cannot inflate it: ${reason}` };
  }
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return bytes.length >= end.length && end.every((byte, index) => bytes[bytes.length - end.length + index] === byte);
}

function count(bytes: Uint8Array): string {
  return `${String(bytes.length)} bytes`;
}
