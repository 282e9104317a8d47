import { promisify } from 'node:util';
import { constants, gunzipSync, gzip, gzipSync } from 'node:zlib';
import { damaged } from './damage.js';
import { lineBytesMax } from './size-limits.js';

/** One line as read: some JSON object. */
export type LineRecord = Readonly<Record<string, unknown>>;

/** Returns values as gzip NDJSON: the same bytes for the same values on every machine. */
export function gzipLines(values: readonly unknown[]): Uint8Array {
  return withoutSystem(gzipSync(values.map((value) => `${JSON.stringify(value)}\n`).join('')));
}

/**
 * Returns a text as gzip, the same bytes on every machine; packed off the event loop. `fast` takes a third of the time
 * for a sixth more bytes.
 */
export async function gzipText(text: string | Uint8Array, { fast = false } = {}): Promise<Uint8Array> {
  return withoutSystem(await gzipAsync(text, fast ? { level: constants.Z_BEST_SPEED } : {}));
}

/**
 * Inflates gzip NDJSON of any number of members. Fails with `LedgerMismatch` where it is damaged, has more than
 * `maxBytes`, or a tail that is not gzip; nothing beyond `maxBytes` is inflated.
 */
export function inflateLines(bytes: Uint8Array, key: string, maxBytes: number): Buffer {
  let inflated: Buffer;
  let readBytes: number;
  try {
    // With `info`, the engine is returned too, which the types do not say.
    const result = gunzipSync(bytes, { maxOutputLength: maxBytes, info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    inflated = result.buffer;
    readBytes = result.engine.bytesWritten;
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw damaged(key, tooLarge ? `it inflates to more than ${String(maxBytes)} bytes` : 'it is not gzip', error);
  }
  // zlib ignores zeros after the last member, which a write that was cut short leaves behind.
  if (readBytes !== bytes.length) throw damaged(key, 'bytes follow its last gzip member');
  if (inflated.length > 0 && inflated.at(-1) !== newline) throw damaged(key, 'its last line has no end');
  return inflated;
}

/** Reads the lines of inflated NDJSON one at a time, so that no more than one is held besides what the caller keeps. */
export function* parseLines(inflated: Buffer, key: string): Generator<LineRecord, undefined> {
  for (let start = 0, number = 1; start < inflated.length; number += 1) {
    const end = inflated.indexOf(newline, start);
    yield parseLine(inflated.subarray(start, end), `line ${String(number)}`, key);
    start = end + 1;
  }
}

const newline = 0x0a;
const gzipAsync = promisify(gzip);

/** Node writes no time; the byte for the operating system is the other one that would differ between machines. */
function withoutSystem(bytes: Buffer): Uint8Array {
  bytes[9] = 255;
  return bytes;
}

/** Reads one line; `which` names it in messages. */
export function parseLine(line: Uint8Array, which: string, key: string): LineRecord {
  if (line.length > lineBytesMax) throw damaged(key, `${which} has more than ${String(lineBytesMax)} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(line).toString('utf8'));
  } catch (error) {
    throw damaged(key, `${which} is not JSON`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged(key, `${which} is not a record`);
  return value as LineRecord;
}
