/** Returns the longest text that all begin with; it never ends in half of a character. */
export function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let { length } = first;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, isHighSurrogate(first.charCodeAt(length - 1)) ? length - 1 : length);
}

/** Groups texts by the character after the first `length` units, the largest group first. */
export function branches(texts: readonly string[], length: number): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const text of texts) {
    const next = String.fromCodePoint(text.codePointAt(length) ?? 0);
    const group = groups.get(next) ?? [];
    group.push(text);
    groups.set(next, group);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
