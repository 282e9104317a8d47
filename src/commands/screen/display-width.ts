/** Returns how many columns of a terminal a text takes: none for a combining mark, two for a wide character. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/**
 * Returns the beginning of a text that fits in `columns` columns, ending in `…` if something is missing. A number at
 * the cut is left out whole, because a part of it would be another number.
 */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = '';
  let width = 1;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    cut += character;
  }
  return `${cut.replace(/\d[\d.,]*$/, '')}…`;
}

function widthOf(character: string): number {
  if (/^[ -~]$/.test(character)) return 1;
  if (/^\p{Mark}$/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

// The scripts and symbols that Unicode's East Asian Width calls wide or fullwidth.
const wideRanges = [
  '\\u1100-\\u115f',
  '\\u2e80-\\u303e',
  '\\u3041-\\ua4cf',
  '\\ua960-\\ua97f',
  '\\uac00-\\ud7a3',
  '\\uf900-\\ufaff',
  '\\ufe30-\\ufe6f',
  '\\uff01-\\uff60',
  '\\uffe0-\\uffe6',
  '\\u{20000}-\\u{3fffd}',
  '\\p{Emoji_Presentation}',
];
const wide = new RegExp(`^[${wideRanges.join('')}]$`, 'u');
