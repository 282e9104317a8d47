import { randomUUID } from 'node:crypto';

// Nobody else knows it, so no blob name and no server message can contain one of our marks.
const secret = randomUUID();

/** Returns a mark that {@link printable} turns into a code of the terminal: `1` bold, `31` red, `39` usual colour. */
export function colourMark(code: number): string {
  return `\u001b${secret}[${String(code)}m`;
}

/**
 * Returns a text that cannot harm a terminal or mislead its reader: control, escape and bidirectional characters, which
 * may come in blob names and server messages, appear as `\u001b`. Line breaks stay. With `isStyled`, the colours of
 * `createStyle` become colours, and no others.
 */
export function printable(text: string, { isStyled = false }: { readonly isStyled?: boolean } = {}): string {
  return text.replaceAll(markOrUnsafe, (found: string, code?: string) => {
    if (code === undefined) return escaped(found);
    return isStyled ? `\u001b[${code}m` : '';
  });
}

/**
 * Returns JSON with the same characters escaped. JSON has them only inside strings, where the escapes mean the same.
 */
export function printableJson(json: string): string {
  return json.replaceAll(unsafe, escaped);
}

const unsafeCharacters =
  // C0 without the line break, DEL and C1; marks, embeddings, overrides and isolates of direction; line separators.
  String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]`;
const unsafe = new RegExp(unsafeCharacters, 'g');
const markOrUnsafe = new RegExp(String.raw`\u001b${secret}\[(\d+)m|${unsafeCharacters}`, 'g');

function escaped(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}
