import type { UnitFields } from '../../domain/unit.js';
import { splitLines } from './split-lines.js';
import type { BadLine, UnitLine } from './unit-line.js';

/**
 * Reads a file with one JSON object per line. Values may be text, whole numbers, true or false, and become text. The
 * objects need not have the same fields. A line that is something else is a {@link BadLine}.
 */
export async function* readJsonUnits(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<readonly (UnitLine | BadLine)[]> {
  for await (const lines of splitLines(text, name)) {
    yield lines.map((read) => {
      if ('problem' in read) return read;
      const fields = fieldsOf(read.text);
      return typeof fields === 'string' ? { line: read.line, problem: fields } : { ...read, fields };
    });
  }
}

/** Returns the fields of a line, or what is wrong with it. */
function fieldsOf(text: string): UnitFields | string {
  const value = parse(text);
  if (value === undefined) return 'it is not valid JSON';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not a JSON object';
  for (const [field, content] of Object.entries(value)) {
    const hint = whyNoText(content);
    if (hint !== undefined) return `the field "${field}" cannot be used as text; ${hint}`;
  }
  const twice = fieldSetTwice(text);
  if (twice !== undefined) return `the field ${twice} is set twice; remove one`;
  return Object.fromEntries(Object.entries(value).map(([field, content]) => [field, String(content)]));
}

// The parser would silently take the last one. Values are plain here, so that every name is one of the only object.
function fieldSetTwice(text: string): string | undefined {
  const seen = new Set<unknown>();
  for (const [, written = '', colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const name: unknown = JSON.parse(written);
    if (seen.has(name)) return written;
    seen.add(name);
  }
  return undefined;
}

/** Returns the value of JSON, or undefined if the text is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function whyNoText(value: unknown): string | undefined {
  // A fraction or a huge number would not stay as it is written.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? undefined : 'put the number in quotes';
  const isText = typeof value === 'string' || typeof value === 'boolean';
  return isText ? undefined : 'a field is text, a whole number, true or false';
}
