import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { Failure } from '../../domain/failure.js';

/**
 * Decodes UTF-8 and drops a byte order mark. Bytes that are not UTF-8 are a `ConfigError` with the line: replacing
 * them silently could make two ids equal.
 */
export async function* decodeUtf8(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    const text = decode(decoder, chunk);
    if (text === undefined) throw notUtf8(name, lines + goodLines(Buffer.concat([rest, chunk])));
    lines += newlinesIn(chunk);
    rest = chunk.subarray(chunk.lastIndexOf(newline) + 1);
    if (text !== '') yield text;
  }
  if (decode(decoder) === undefined) throw notUtf8(name, lines);
}

const newline = 0x0a;

function decode(decoder: TextDecoder, chunk?: Uint8Array): string | undefined {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function newlinesIn(bytes: Uint8Array): number {
  let found = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) found += 1;
  return found;
}

function goodLines(bytes: Uint8Array): number {
  let start = 0;
  for (let lines = 0; ; lines += 1) {
    const end = bytes.indexOf(newline, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return lines;
    start = end + 1;
  }
}

const notUtf8 = (name: string, line: number): Failure =>
  new Failure('ConfigError', `${name}:${String(line)}: it is not valid UTF-8; save the file as UTF-8`);
