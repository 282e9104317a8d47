import { splitLines } from './split-lines.js';
import type { BadLine, UnitLine } from './unit-line.js';

/** Reads a file with one value per line, the field `line`. */
export async function* readTextUnits(text: AsyncIterable<string>, name: string): AsyncGenerator<UnitLine | BadLine> {
  for await (const read of splitLines(text, name)) {
    yield 'problem' in read ? read : { ...read, fields: { line: read.text } };
  }
}
