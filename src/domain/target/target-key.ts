/**
 * Returns why a rendered target key is not valid and portable, or undefined if it is. `controlPrefix` is the one in
 * the same bucket, if any.
 */
export function targetKeyProblem(key: string, controlPrefix?: string): string | undefined {
  if (key === '') return 'it is empty';
  if (isPlainKey.test(key) && key.length <= segmentBytesMax && !isBelow(key, controlPrefix)) return undefined;
  if (utf8Length(key) > keyBytesMax) return `it has more than ${String(keyBytesMax)} bytes`;
  if (/\p{Control}/u.test(key)) return 'it has a control character';
  if (key.includes('\\')) return 'it has a backslash';
  if (/\p{Surrogate}/u.test(key)) return 'it is not valid Unicode';
  for (const segment of key.split('/')) {
    if (segment === '') return 'it has an empty segment: a slash at its start or end, or two in a row';
    if (segment === '.' || segment === '..') return `it has the segment "${segment}"`;
    if (utf8Length(segment) > segmentBytesMax) return `a segment has more than ${String(segmentBytesMax)} bytes`;
  }
  if (isBelow(key, controlPrefix)) {
    return `it is under the control prefix ${controlPrefix}`;
  }
  return undefined;
}

/** Segments of printable ASCII that do not begin with a dot: nearly all keys, found in a fraction of the time. */
const isPlainKey = /^(?:[!-\-0-[\]-~][ -.0-[\]-~]*)(?:\/[!-\-0-[\]-~][ -.0-[\]-~]*)*$/;

function isBelow(key: string, controlPrefix: string | undefined): boolean {
  return controlPrefix !== undefined && (key === controlPrefix || key.startsWith(`${controlPrefix}/`));
}

// The first is the limit of S3, the second that of the file systems below many S3-compatible stores.
const keyBytesMax = 1_024;
const segmentBytesMax = 255;

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
