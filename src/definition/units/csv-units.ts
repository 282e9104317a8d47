import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseWhole } from 'csv-parse/sync';
import { Failure } from '../../domain/failure.js';
import { boundRecords } from './bound-records.js';
import type { BadLine, UnitLine } from './unit-line.js';

/**
 * Reads CSV with a header row; blank lines are skipped. A line with more or fewer values than the header, or with a
 * quote in a wrong place, is a {@link BadLine}.
 */
export async function* readCsvUnits(text: AsyncIterable<string>, name: string): AsyncGenerator<UnitLine | BadLine> {
  const parser = parse({
    raw: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
    // What the parser would throw for ends it; such lines are judged here, and the others read.
    relax_column_count: true,
    relax_quotes: true,
  });
  const source = Readable.from(boundRecords(text, name), { highWaterMark: 1 });
  // An error of the file ends the parser too, after the records before it, and is the one to report.
  let failed: { readonly error: unknown } | undefined;
  source.on('error', (error) => {
    failed = { error };
    parser.end();
  });
  const rows = source.pipe(parser) as AsyncIterable<{ readonly record: readonly string[]; readonly raw: string }>;

  let columns: readonly string[] | undefined;
  let nextLine = 1;
  try {
    for await (const { record, raw } of rows) {
      const blank = blankLines(raw);
      const line = nextLine + blank;
      nextLine = line + lineEnds(raw, blank);
      if (columns === undefined) {
        columns = header(record, raw.slice(blank).replace(/[\r\n]$/, ''), `${name}:${String(line)}`);
        continue;
      }
      const text = raw.slice(blank).replace(/[\r\n]$/, '');
      const problem = quoteProblem(text) ?? countProblem(record, columns);
      if (problem !== undefined) {
        yield { line, problem };
        continue;
      }
      const fields = Object.fromEntries(columns.map((column, position) => [column, record[position] ?? '']));
      yield { line, fields, text };
    }
  } catch (error) {
    throw error instanceof CsvError ? csvFailure(name, error) : error;
  } finally {
    source.destroy();
  }
  if (failed !== undefined) throw failed.error;
}

/** Returns what is wrong with the quotes of a record, which the parser has read as if they were ordinary characters. */
function quoteProblem(text: string): string | undefined {
  if (!text.includes('"') || wellQuoted.test(text)) return undefined;
  try {
    parseWhole(text);
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

/** Spreadsheets write these where the comma is for decimals; guessing would split values of others. */
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

function csvFailure(name: string, error: CsvError): Failure {
  const line = typeof error['lines'] === 'number' ? `:${String(error['lines'])}` : '';
  return new Failure('ConfigError', `${name}${line}: ${problems[error.code] ?? error.message}`, { cause: error });
}

const problems: Readonly<Record<string, string | undefined>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote; write a quote inside a value twice',
  INVALID_OPENING_QUOTE: 'a quote begins inside a value; put the whole value in quotes',
};
