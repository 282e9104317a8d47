import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Failure } from '../../domain/failure.js';
import { boundRecords } from './bound-records.js';
import type { UnitLine } from './unit-line.js';

/** Reads CSV with a header row. Every line must have as many values as the header; blank lines are skipped. */
export async function* readCsvUnits(text: AsyncIterable<string>, name: string): AsyncGenerator<UnitLine> {
  const parser = parse({
    raw: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  });
  const source = Readable.from(boundRecords(text, name), { highWaterMark: 1 });
  // An error of the file must end the parser too, and is the one to report.
  source.on('error', (error) => parser.destroy(error));
  const rows = source.pipe(parser) as AsyncIterable<{ readonly record: readonly string[]; readonly raw: string }>;

  let columns: readonly string[] | undefined;
  let nextLine = 1;
  try {
    for await (const { record, raw } of rows) {
      const blank = blankLines(raw);
      const line = nextLine + blank;
      nextLine = line + lineEnds(raw, blank);
      if (columns === undefined) {
        columns = header(record, raw, `${name}:${String(line)}`);
        continue;
      }
      const fields = Object.fromEntries(columns.map((column, position) => [column, record[position] ?? '']));
      yield { line, fields, text: raw.slice(blank).replace(/[\r\n]$/, '') };
    }
  } catch (error) {
    throw error instanceof CsvError ? csvFailure(name, error) : error;
  } finally {
    source.destroy();
  }
}

function header(record: readonly string[], raw: string, place: string): readonly string[] {
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
  const values = Array.isArray(error['record']) ? error['record'].length : 0;
  const columns = /expect (\d+)/.exec(error.message)?.[1] ?? '';
  const problem = problems[error.code] ?? error.message;
  const text = problem.replace('{values}', String(values)).replace('{columns}', columns);
  return new Failure('ConfigError', `${name}${line}: ${text}`, { cause: error });
}

const unequal = 'the line has {values} values, but the header has {columns}; quote a value that contains a comma';

const problems: Readonly<Record<string, string | undefined>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: unequal,
  CSV_RECORD_INCONSISTENT_COLUMNS: unequal,
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote; write a quote inside a value twice',
  INVALID_OPENING_QUOTE: 'a quote begins inside a value; put the whole value in quotes',
};
