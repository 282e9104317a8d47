/** Returns a text as one word for a POSIX shell, quoted if necessary, so that a printed line can be pasted. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
