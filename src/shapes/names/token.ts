/**
 * A part of a blob's name:
 *
 * - `literal`: separators, keys before an equals sign, and extensions, which are part of a scheme as they stand;
 * - `digits`: a run of decimal digits;
 * - `hex`: hexadecimal digits of one case, both letters and decimal digits among them;
 * - `hex-letters`: a word of hexadecimal letters alone, which is either text or a part of a hash;
 * - `guid`, `version`: such as `3f2504e0-4f89-41d3-9a0c-0305e82c3301` and `v1.2`;
 * - `text`: words that contain letters, with the separators between them.
 */
export interface Token {
  readonly kind: 'literal' | VariableKind;
  readonly text: string;
}

/** The kinds of tokens whose text may vary inside a shape. */
export type VariableKind = 'digits' | 'hex' | 'hex-letters' | 'guid' | 'version' | 'text';

/** Narrows a token to one whose text may vary. */
export function isVariable(token: Token): token is Token & { readonly kind: VariableKind } {
  return token.kind !== 'literal';
}
