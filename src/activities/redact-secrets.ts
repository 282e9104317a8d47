import { withoutSecrets } from '../domain/text/without-secrets.js';

/** Removes secrets from a text that goes into a history or a log. */
export type Redact = (text: string) => string;

/**
 * Returns a function that removes the known secrets given and whatever has the form of one. Stores redact what they
 * report; this is for errors that nobody has classified.
 */
export function createRedact(knownSecrets: readonly string[]): Redact {
  // Shorter ones are words, without which messages would be unreadable.
  const known = knownSecrets.filter((secret) => secret.length >= 8).sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    return withoutSecrets(clean);
  };
}
