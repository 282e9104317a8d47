/**
 * Returns a text that cannot harm a terminal or mislead its reader: control, escape and bidirectional characters, which
 * may come with names of blobs and words of servers, appear as `\u001b`. Line breaks stay. With `isStyled`, so do the
 * colours of `createStyle`.
 */
export function printable(text: string, { isStyled = false }: { readonly isStyled?: boolean } = {}): string {
  return text.replaceAll(isStyled ? styledOrUnsafe : unsafe, (found) =>
    ownStyle.test(found) ? found : escaped(found),
  );
}

/**
 * Returns JSON with the same characters escaped. JSON has them inside strings alone, where the escapes mean the same.
 */
export function printableJson(json: string): string {
  return json.replaceAll(unsafe, escaped);
}

const unsafeCharacters =
  // C0 without the line break, DEL and C1; marks, embeddings, overrides and isolates of direction; line separators.
  String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]`;
const unsafe = new RegExp(unsafeCharacters, 'g');
// Bold, dim, red, green and yellow, and their ends.
const style = String.raw`\u001b\[(?:1|2|22|3[1-3]|39)m`;
const ownStyle = new RegExp(`^${style}$`);
const styledOrUnsafe = new RegExp(`${style}|${unsafeCharacters}`, 'g');

function escaped(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}
