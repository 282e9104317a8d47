/**
 * Returns the texts by which a secret betrays itself: as it is, encoded for a URL, and in base64 and base64url, also
 * where it is only a part of what was encoded.
 */
export function canaryForms(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const lower = encoded.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
  const base64 = [0, 1, 2].map((shift) => inner(secret, shift));
  return [...new Set([secret, encoded, lower, ...base64, ...base64.map(toUrlForm)])];
}

/** Returns the characters of base64 that depend only on the secret, if this many bytes (modulo 3) come before it. */
function inner(secret: string, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString('base64');
  const begin = shift === 0 ? 0 : shift + 1;
  const whole = Math.floor(((shift + Buffer.byteLength(secret)) * 8) / 6);
  return text.slice(begin, whole);
}

function toUrlForm(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
