import { Failure } from '../../domain/failure.js';
import { lineCharactersMax } from './unit-line.js';

/**
 * Passes whole records of CSV on and refuses one that is longer than a line may be, with the blank lines before it,
 * before the parser holds it: the parser counts no commas. A carriage return that ends a line alone is refused too,
 * since the whole file would be one line, and so is a quote that is never closed. Like the parser, it takes a quote
 * inside a value without quotes as a character.
 */
export async function* boundRecords(text: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  const watch = new RecordWatch();
  // The beginning of a record that is not complete.
  let begun = '';
  for await (const piece of text) {
    const { complete, problem } = watch.pass(piece);
    if (complete > 0) {
      yield begun + piece.slice(0, complete);
      begun = '';
    }
    if (problem !== undefined) throw refusal(name, problem);
    begun += piece.slice(complete);
  }
  const problem = watch.end();
  if (problem !== undefined) throw refusal(name, problem);
  if (begun !== '') yield begun;
}

interface RecordProblem {
  readonly line: number;
  readonly message: string;
}

const refusal = (name: string, { line, message }: RecordProblem): Failure =>
  new Failure('ConfigError', `${name}:${String(line)}: ${message}`);

/** Where a text of CSV is: in which record, how long that is, and whether inside quotes. */
class RecordWatch {
  #line = 1;
  #recordLine = 1;
  #length = 0;
  #isQuoted = false;
  #isBlank = true;
  #endsWithReturn = false;
  // The character before the piece, and whether the last quote has closed a value: a quote after that is part of the
  // value.
  #before = '\n';
  #hasClosed = false;

  /** Continues with a piece; returns where in it the last complete record ends, and what is wrong after that. */
  pass(piece: string): { readonly complete: number; readonly problem?: RecordProblem } {
    let [start, complete] = [0, 0];
    const refuse = (message: string, line = this.#line) => ({ complete, problem: { line, message } });
    if (this.#endsWithReturn && !piece.startsWith('\n')) return refuse(loneReturn);
    for (const { 0: mark, index } of piece.matchAll(marks)) {
      const end = index + mark.length;
      this.#length += end - start;
      if (this.#length > lineCharactersMax) return refuse(tooLong, this.#recordLine);
      if (index > start || mark === '"') this.#isBlank = false;
      start = end;
      if (mark === '"') this.#quote(index > 0 ? (piece[index - 1] ?? '') : this.#before);
      else if (mark !== '\r') {
        this.#line += 1;
        if (this.#isQuoted) continue;
        // The parser holds blank lines until a record follows them.
        if (!this.#isBlank) this.#length = 0;
        this.#isBlank = true;
        this.#recordLine = this.#line;
        complete = end;
      } else if (!this.#isQuoted && end < piece.length) return refuse(loneReturn);
    }
    this.#length += piece.length - start;
    if (this.#length > lineCharactersMax) return refuse(tooLong, this.#recordLine);
    if (piece.length > start) this.#isBlank = false;
    this.#endsWithReturn = !this.#isQuoted && piece.endsWith('\r');
    this.#before = piece.at(-1) ?? this.#before;
    return { complete };
  }

  /** Returns what is wrong with the end of the text, if anything. */
  end(): RecordProblem | undefined {
    if (this.#endsWithReturn) return { line: this.#line, message: loneReturn };
    return this.#isQuoted ? { line: this.#recordLine, message: neverClosed } : undefined;
  }

  #quote(previous: string): void {
    const isInside = this.#hasClosed && previous === '"';
    this.#hasClosed = this.#isQuoted;
    this.#isQuoted = !this.#isQuoted && (isInside || /[,\r\n]/.test(previous));
  }
}

const marks = /"|\r?\n|\r/g;

const tooLong = `the line has more than ${String(lineCharactersMax)} characters; is a quote not closed?`;
const neverClosed = 'a quote is opened and never closed';

/** The problem of a carriage return that ends a line without a line feed, as old Macs wrote it. */
export const loneReturn = 'a line ends with a carriage return alone; save the file with LF or CRLF line ends';
