import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const readBytes = 64 * 1024;
// A write for each record would be slow.
const recordsPerWrite = 4_096;

/** Writes records to a new file, each of a key and a value with the character 0 between and after them. */
export async function writeRecords(
  path: string,
  batches: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Promise<void> {
  await pipeline(Readable.from(pieces(batches)), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
}

/** Returns records as the bytes that are written. */
export function recordsBytes(records: readonly string[]): Buffer {
  return Buffer.from(`${records.join('\0')}\0`, 'latin1');
}

/** Reads the records of such a file, some at a time. */
export async function* readRecords(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const piece of createReadStream(path, { encoding: 'latin1', highWaterMark: readBytes })) {
    const fields = (rest + String(piece)).split('\0');
    const records: string[] = [];
    const whole = fields.length - (fields.length % 2 === 0 ? 2 : 1);
    for (let at = 0; at < whole; at += 2) records.push(`${fields[at] ?? ''}\0${fields[at + 1] ?? ''}`);
    rest = fields.slice(whole).join('\0');
    yield records;
  }
}

async function* pieces(
  batches: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Buffer> {
  for await (const batch of batches) {
    for (let start = 0; start < batch.length; start += recordsPerWrite) {
      yield recordsBytes(batch.slice(start, start + recordsPerWrite));
    }
  }
}
