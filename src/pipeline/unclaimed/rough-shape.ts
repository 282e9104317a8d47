/**
 * Returns what a name looks like: ids, hashes and numbers are replaced by what they are, so that names of one kind look
 * alike.
 */
export function roughShape(name: string): string {
  return name
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '{guid}')
    .replace(/(?<![a-z0-9{])(?=[a-f]*\d)[0-9a-f]{6,}(?![a-z0-9])/gi, (text) => (/^\d+$/.test(text) ? '{n}' : '{hex}'))
    .replace(/\d+/g, '{n}');
}
