import { CsvError, parse } from 'csv-parse/sync';
import { Failure } from '../../domain/failure.js';
import type { UnitFields } from '../../domain/unit.js';
import { boundRecords } from './bound-records.js';
import type { BadLine, UnitLine } from './unit-line.js';

/**
 * Reads CSV with a header row, a piece of the text at a time; blank lines are skipped. A line with more or fewer values
 * than the header, or with a quote in a wrong place, is a {@link BadLine}.
 */
export async function* readCsvUnits(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly (UnitLine | BadLine)[]> {
  let columns: readonly string[] | undefined;
  let nextLine = 1;
  for await (const piece of boundRecords(text, name)) {
    const units: (UnitLine | BadLine)[] = [];
    for (const { record, line, text } of recordsOf(piece, nextLine, name)) {
      if (columns === undefined) {
        columns = header(record, text, `${name}:${String(line)}`);
        continue;
      }
      const problem = quoteProblem(text) ?? countProblem(record, columns);
      units.push(problem === undefined ? { line, fields: fieldsOf(columns, record), text } : { line, problem });
    }
    nextLine += piece.match(lineEnd)?.length ?? 0;
    yield units;
  }
}

/** A record, the line that it begins on, and its text without the line end. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly line: number;
  readonly text: string;
}

/** Yields the records of a piece that consists of whole ones. Without quotes there is nothing to parse. */
function recordsOf(piece: string, firstLine: number, name: string): Iterable<CsvRecord> {
  return piece.includes('"') ? parsedRecords(piece, firstLine, name) : plainRecords(piece, firstLine);
}

function* plainRecords(piece: string, firstLine: number): Generator<CsvRecord> {
  let line = firstLine;
  for (let start = 0; start < piece.length; line += 1) {
    const found = piece.indexOf('\n', start);
    const end = found < 0 ? piece.length : found;
    const text = piece.slice(start, end > start && piece.charCodeAt(end - 1) === carriageReturn ? end - 1 : end);
    if (text !== '') yield { record: text.split(','), line, text };
    start = end + 1;
  }
}

const carriageReturn = 13;

function* parsedRecords(piece: string, firstLine: number, name: string): Generator<CsvRecord> {
  let nextLine = firstLine;
  for (const { record, raw } of parsed(piece, firstLine, name)) {
    const blank = blankLines(raw);
    const line = nextLine + blank;
    nextLine = line + lineEnds(raw, blank);
    yield { record, line, text: raw.slice(blank).replace(/[\r\n]$/, '') };
  }
}

function parsed(piece: string, firstLine: number, name: string) {
  try {
    return parse(piece, {
      raw: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      // An error would end the parser; such lines are judged here instead, and the others are read.
      relax_column_count: true,
      relax_quotes: true,
    }) as unknown as readonly { readonly record: readonly string[]; readonly raw: string }[];
  } catch (error) {
    throw error instanceof CsvError ? csvFailure(name, firstLine, error) : error;
  }
}

function fieldsOf(columns: readonly string[], record: readonly string[]): UnitFields {
  // Setting a property is much faster, but this one would become the prototype.
  if (columns.includes('__proto__'))
    return Object.fromEntries(columns.map((column, position) => [column, record[position] ?? '']));
  const fields: Record<string, string> = {};
  for (let at = 0; at < columns.length; at += 1) fields[columns[at] ?? ''] = record[at] ?? '';
  return fields;
}

const lineEnd = /\n|\r(?!\n)/g;

/** Returns what is wrong with the quotes of a record, which the parser has read as if they were ordinary characters. */
function quoteProblem(text: string): string | undefined {
  if (!text.includes('"') || wellQuoted.test(text)) return undefined;
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof CsvError) return problems[error.code] ?? error.message;
    throw error;
  }
}

// Its alternatives begin with different characters, so that it takes time in proportion to the text.
const value = String.raw`(?:"(?:[^"]|"")*"|[^",\r\n]*)`;
const wellQuoted = new RegExp(`^${value}(?:,${value})*$`);

function countProblem(record: readonly string[], columns: readonly string[]): string | undefined {
  if (record.length === columns.length) return undefined;
  const counts = `the line has ${String(record.length)} values, but the header has ${String(columns.length)}`;
  return `${counts}; quote a value that contains a comma`;
}

function header(record: readonly string[], raw: string, place: string): readonly string[] {
  const wrongQuote = quoteProblem(raw);
  if (wrongQuote !== undefined) throw new Failure('ConfigError', `${place}: ${wrongQuote}`);
  const separator = record.length > 1 || raw.includes('"') ? undefined : otherSeparator(raw);
  if (separator !== undefined) {
    const problem = `the columns seem to be separated by ${separator}, which would be one column`;
    throw new Failure('ConfigError', `${place}: ${problem}; separate them by commas, or put the name in quotes`);
  }
  const seen = new Set<string>();
  for (const [position, column] of record.entries()) {
    const problem =
      column.trim() === ''
        ? `column ${String(position + 1)} has no name`
        : seen.has(column)
          ? `two columns are named "${column}"`
          : undefined;
    if (problem !== undefined)
      throw new Failure('ConfigError', `${place}: ${problem}; the first line names the columns`);
    seen.add(column);
  }
  return record;
}

/** Spreadsheets write these where the comma separates decimals; guessing would split the values of other files. */
function otherSeparator(header: string): string | undefined {
  const separators = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
  return Object.entries(separators).find(([separator]) => header.includes(separator))?.[1];
}

// The parser returns a record together with the blank lines before it, and keeps one character of each end of line.
function blankLines(raw: string): number {
  let blank = 0;
  while (raw[blank] === '\n' || raw[blank] === '\r') blank += 1;
  return blank;
}

function lineEnds(raw: string, from: number): number {
  let ends = 0;
  for (let at = from; at < raw.length; at += 1) {
    const character = raw[at];
    if (character === '\n' || (character === '\r' && raw[at + 1] !== '\n')) ends += 1;
  }
  return ends;
}

function csvFailure(name: string, firstLine: number, error: CsvError): Failure {
  const line = typeof error['lines'] === 'number' ? `:${String(firstLine - 1 + error['lines'])}` : '';
  return new Failure('ConfigError', `${name}${line}: ${problems[error.code] ?? error.message}`, { cause: error });
}

const problems: Readonly<Record<string, string | undefined>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote; write a quote inside a value twice',
  INVALID_OPENING_QUOTE: 'a quote begins inside a value; put the whole value in quotes',
};
