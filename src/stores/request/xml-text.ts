/** Returns the text of the first element of that name without attributes and children, or undefined. */
export function elementText(xml: string, name: string): string | undefined {
  const open = `<${name}>`;
  const at = xml.indexOf(open);
  if (at === -1) return undefined;
  const end = xml.indexOf('<', at + open.length);
  return xml.startsWith(`</${name}>`, end) ? unescapedXml(xml.slice(at + open.length, end)) : undefined;
}

/** Returns the characters that a text of XML stands for. Throws `RangeError` for a number that is not a character's. */
export function unescapedXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(amp|lt|gt|quot|apos));/g, (_all, hex, decimal, named) =>
    named === undefined
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16))
      : (characters[String(named)] ?? ''),
  );
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
