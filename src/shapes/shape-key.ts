import type { Token } from './names/token.js';

/** Returns a text that is equal for names of the same make: same literals, and same kinds of text between them. */
export function shapeKey(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.kind === 'literal' ? token.text : `\0${kindKey(token)}`)).join('\0');
}

function kindKey({ kind, text }: Token): string {
  switch (kind) {
    case 'digits':
      // Numbers that are not padded differ in width, unless they may be parts of dates.
      return text.startsWith('0') || dateWidths.has(text.length) ? `digits:${String(text.length)}` : 'digits';
    case 'hex':
    case 'hex-letters':
      return `${kind}:${String(text.length)}:${/[A-F]/.test(text) ? 'upper' : 'lower'}`;
    default:
      return kind;
  }
}

const dateWidths = new Set([2, 4, 6, 8, 10, 12, 14]);
