import { splitLines } from './split-lines.js';
import type { UnitLine } from './unit-line.js';

/** Reads a file with one value per line, the field `line`. */
export async function* readTextUnits(text: AsyncIterable<string>, name: string): AsyncGenerator<UnitLine> {
  for await (const { line, text: written } of splitLines(text, name))
    yield { line, text: written, fields: { line: written } };
}
