import { splitLines } from './split-lines.js';
import type { BadLine, UnitLine } from './unit-line.js';

/** Reads a file with one value per line, the field `line`. */
export async function* readTextUnits(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly (UnitLine | BadLine)[]> {
  for await (const lines of splitLines(text, name)) {
    yield lines.map((read) => ('problem' in read ? read : { ...read, fields: { line: read.text } }));
  }
}
