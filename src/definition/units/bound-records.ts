import { Failure } from '../../domain/failure.js';
import { lineCharactersMax } from './unit-line.js';

/**
 * Passes CSV on and refuses a record that is longer than a line may be, with the blank lines before it, before the
 * parser holds it: the parser counts no commas. A carriage return that ends a line alone is refused too, since the
 * whole file would be one line.
 */
export async function* boundRecords(text: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let [line, recordLine, length] = [1, 1, 0];
  let [isQuoted, isBlank, endsWithReturn] = [false, true, false];
  const count = (characters: number): void => {
    length += characters;
    if (length > lineCharactersMax) throw refusal(name, recordLine, tooLong);
  };
  for await (const piece of text) {
    if (endsWithReturn && !piece.startsWith('\n')) throw refusal(name, line, loneReturn);
    let start = 0;
    for (const { 0: mark, index } of piece.matchAll(marks)) {
      const end = index + mark.length;
      count(end - start);
      if (index > start || mark === '"') isBlank = false;
      start = end;
      if (mark === '"') {
        isQuoted = !isQuoted;
      } else if (mark === '\r') {
        if (!isQuoted && end < piece.length) throw refusal(name, line, loneReturn);
      } else {
        line += 1;
        if (isQuoted) continue;
        // The parser holds blank lines until a record follows them.
        if (!isBlank) length = 0;
        isBlank = true;
        recordLine = line;
      }
    }
    count(piece.length - start);
    if (piece.length > start) isBlank = false;
    endsWithReturn = !isQuoted && piece.endsWith('\r');
    yield piece;
  }
  if (endsWithReturn) throw refusal(name, line, loneReturn);
}

const refusal = (name: string, line: number, problem: string): Failure =>
  new Failure('ConfigError', `${name}:${String(line)}: ${problem}`);

const marks = /"|\r?\n|\r/g;

const tooLong = `the line has more than ${String(lineCharactersMax)} characters; is a quote not closed?`;

/** The problem of a carriage return that ends a line without a line feed, as old Macs wrote it. */
export const loneReturn = 'a line ends with a carriage return alone; save the file with LF or CRLF line ends';
