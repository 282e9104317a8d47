import { Failure } from '../../domain/failure.js';
import type { UnitFields } from '../../domain/unit.js';
import { splitLines } from './split-lines.js';
import type { UnitLine } from './unit-line.js';

/**
 * Reads a file with one JSON object per line. Values may be text, whole numbers, true or false, and become text. The
 * objects need not have the same fields.
 */
export async function* readJsonUnits(text: AsyncIterable<string>, name: string): AsyncGenerator<UnitLine> {
  for await (const { line, text: written } of splitLines(text, name)) {
    yield { line, text: written, fields: fieldsOf(written, `${name}:${String(line)}`) };
  }
}

function fieldsOf(text: string, place: string): UnitFields {
  const value = parse(text, place);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('ConfigError', `${place}: it is not a JSON object`);
  }
  const fields = Object.entries(value).map(([field, content]) => [field, textOf(content, field, place)] as const);
  const twice = fieldSetTwice(text);
  if (twice !== undefined) throw new Failure('ConfigError', `${place}: the field ${twice} is set twice; remove one`);
  return Object.fromEntries(fields);
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

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure('ConfigError', `${place}: it is not valid JSON`, { cause: error });
  }
}

function textOf(value: unknown, field: string, place: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  // A fraction or a huge number would not stay as it is written.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  const hint =
    typeof value === 'number' ? 'put the number in quotes' : 'a field is text, a whole number, true or false';
  throw new Failure('ConfigError', `${place}: the field "${field}" cannot be used as text; ${hint}`);
}
