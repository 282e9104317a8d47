import { withoutSecrets } from '../../domain/text/without-secrets.js';

// Whatever looks like a key, a signature or a token.
const opaque = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
// Enough for a sentence of any store; a hostile one could send megabytes.
const textMax = 300;

/** Returns the first line of what a store or an SDK said, without secrets and of bounded length. */
export function serverText(text: string): string {
  const [line = ''] = text.slice(0, 4 * textMax).split('\n', 1);
  const clean = withoutSecrets(line).replace(opaque, '[redacted]');
  return clean.length > textMax ? `${clean.slice(0, textMax)}…` : clean;
}

const wordMax = 100;

/**
 * Returns a code, a request id or a host that a store named, or undefined if it is not one short word of ASCII.
 */
export function serverWord(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= wordMax && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}
