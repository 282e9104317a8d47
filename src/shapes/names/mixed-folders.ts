import { isVariable, type Token } from './token.js';

/** Tokens of one folder that may be one word together: from the first to the last of them. */
export interface MixedFolder {
  readonly first: number;
  readonly last: number;
}

/**
 * Finds the folders whose names consist of letters and digits with separators between them, as `acme-12` does. A file's
 * name does not count: there, differences matter.
 */
export function findMixedFolders(tokens: readonly Token[]): readonly MixedFolder[] {
  const folders: MixedFolder[] = [];
  let places: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (isVariable(token)) places.push(index);
    else if (token.text.includes('/')) {
      const [first, last] = [places[0], places.at(-1)];
      if (first !== undefined && last !== undefined && isMixed(tokens.slice(first, last + 1))) {
        folders.push({ first, last });
      }
      places = [];
    }
  }
  return folders;
}

function isMixed(tokens: readonly Token[]): boolean {
  const isJoined = tokens.every(({ kind, text }) => (kind === 'literal' ? !text.includes('=') : wordKinds.has(kind)));
  return isJoined && tokens.length > 1 && tokens.some(({ kind }) => kind !== 'literal' && kind !== 'digits');
}

const wordKinds = new Set<Token['kind']>(['text', 'digits', 'hex', 'hex-letters']);
