import { Failure } from '../../domain/failure.js';
import { loneReturn } from './bound-records.js';
import { type BadLine, lineCharactersMax } from './unit-line.js';

/**
 * Splits text into numbered lines without their ends (LF or CRLF) and skips blank ones. Holds at most one line, and
 * throws a `Failure` where one is too long.
 */
export async function* splitLines(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<{ readonly line: number; readonly text: string } | BadLine> {
  let line = 0;
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const written of lines) {
      line += 1;
      const content = written.endsWith('\r') ? written.slice(0, -1) : written;
      if (content.trim() !== '') yield checked(content, name, line);
    }
    bounded(rest, name, line + 1);
  }
  if (rest.trim() !== '') yield checked(rest, name, line + 1);
}

function checked(text: string, name: string, line: number) {
  if (text.includes('\r')) return { line, problem: loneReturn };
  return { line, text: bounded(text, name, line) };
}

function bounded(text: string, name: string, line: number): string {
  if (text.length <= lineCharactersMax) return text;
  throw new Failure(
    'ConfigError',
    `${name}:${String(line)}: the line has more than ${String(lineCharactersMax)} characters`,
  );
}
