/**
 * Returns a text whose order, by code units, is that of the bytes of a name in UTF-8. Its characters are those bytes,
 * so it takes one byte per character, in memory and in a file.
 */
export function nameKey(name: string): string {
  // Most names are ASCII, and their own key.
  return isAscii.test(name) ? name : Buffer.from(name, 'utf8').toString('latin1');
}

/** Returns the name of a key. */
export function nameOfKey(key: string): string {
  return isAscii.test(key) ? key : Buffer.from(key, 'latin1').toString('utf8');
}

// eslint-disable-next-line no-control-regex -- all of ASCII is meant.
const isAscii = /^[\u0001-\u007f]*$/;
