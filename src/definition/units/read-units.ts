import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../../domain/failure.js';
import { readCsvUnits } from './csv-units.js';
import { decodeUtf8 } from './decode-utf8.js';
import { readJsonUnits } from './json-units.js';
import { readTextUnits } from './text-units.js';
import type { BadLine, UnitLine } from './unit-line.js';

/** The units file. */
export interface UnitsSource {
  /** `units.from` of the migration file. */
  readonly from: string;
  /** Folder of the migration file; `from` is relative to it. */
  readonly directory: string;
  /** The decompressed bytes of the units file, unless it is a plain or gzip file on this machine. */
  readonly bytes?: AsyncIterable<Uint8Array>;
}

/**
 * Reads the units file line by line, in constant memory. Blank lines are counted and skipped. What is wrong with one
 * line is yielded in its place; a `Failure` of class `ConfigError` that names file and line is thrown where nothing can
 * be read after it, and where the file has no unit. Ending the iteration closes the file.
 */
export async function* readUnits({ from, directory, bytes: given }: UnitsSource): AsyncGenerator<UnitLine | BadLine> {
  const format = formatOf(from);
  const bytes = given ?? open(from, directory);
  let units = 0;
  try {
    for await (const lines of format(decodeUtf8(bytes, from), from)) {
      units += lines.length;
      for (const line of lines) yield line;
    }
  } catch (error) {
    throw error instanceof Failure && error.row.scope !== 'unit' ? error : readFailure(from, error);
  } finally {
    if (bytes instanceof Readable) bytes.destroy();
  }
  if (units === 0) throw new Failure('ConfigError', `${from}: it has no units; each line is a unit`);
}

/** Reads a format, a piece of the text at a time: a step of an iteration for each line would take most of the time. */
type UnitsFormat = (text: AsyncIterable<string>, from: string) => AsyncIterable<readonly (UnitLine | BadLine)[]>;

function formatOf(from: string): UnitsFormat {
  const name = from.replace(/\.(gz|bz2)$/, '');
  if (name.endsWith('.csv')) return readCsvUnits;
  if (name.endsWith('.jsonl')) return readJsonUnits;
  if (name.endsWith('.txt')) return readTextUnits;
  throw new Failure('ConfigError', `${from}: not the name of a units file; it must end with .csv, .jsonl or .txt`);
}

function open(from: string, directory: string): Readable {
  const file = createReadStream(resolve(directory, from));
  if (!from.endsWith('.gz')) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => file.destroy());
  return file.pipe(unpacked);
}

function readFailure(from: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new Failure('ConfigError', `${from}: the units file cannot be read: ${reason}`, { cause: error });
}

const reasons: Readonly<Record<string, string | undefined>> = {
  ENOENT: 'there is no such file beside the migration file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  Z_DATA_ERROR: 'it is not valid gzip',
  Z_BUF_ERROR: 'its gzip ends too early',
};
