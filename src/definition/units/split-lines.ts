import { Failure } from '../../domain/failure.js';
import { loneReturn } from './bound-records.js';
import { type BadLine, lineCharactersMax } from './unit-line.js';

interface TextLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Splits text into numbered lines without their ends (LF or CRLF), a piece of the text at a time, and skips blank ones.
 * Holds at most one line besides, and throws a `Failure` where one is too long.
 */
export async function* splitLines(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly (TextLine | BadLine)[]> {
  let line = 0;
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    const found: (TextLine | BadLine)[] = [];
    let failure: Failure | undefined;
    for (const written of lines) {
      line += 1;
      const content = written.endsWith('\r') ? written.slice(0, -1) : written;
      if (content.trim() === '') continue;
      failure = content.includes('\r') ? undefined : tooLong(content, name, line);
      if (failure !== undefined) break;
      found.push(textLine(content, line));
    }
    // What was read before it is judged first.
    yield found;
    failure ??= tooLong(rest, name, line + 1);
    if (failure !== undefined) throw failure;
  }
  if (rest.trim() !== '') yield [textLine(rest, line + 1)];
}

const textLine = (text: string, line: number): TextLine | BadLine =>
  text.includes('\r') ? { line, problem: loneReturn } : { line, text };

function tooLong(text: string, name: string, line: number): Failure | undefined {
  if (text.length <= lineCharactersMax) return undefined;
  return new Failure(
    'ConfigError',
    `${name}:${String(line)}: the line has more than ${String(lineCharactersMax)} characters`,
  );
}
