import { withoutSecrets } from './without-secrets.js';

/** Removes secrets from a text that goes into a history or a log. */
export type Redact = (text: string) => string;

/**
 * Returns a function that removes the known secrets given and whatever has the form of one. They are read again for
 * each text, because a process learns more of them. Stores redact what they report; this is for errors that nobody has
 * classified.
 */
export function createRedact(knownSecrets: Iterable<string>): Redact {
  return (text) => {
    let clean = text;
    for (const secret of longestFirst(knownSecrets)) clean = clean.replaceAll(secret, '[redacted]');
    return withoutSecrets(clean);
  };
}

/** One may be part of another. Short ones may be ordinary words; without those, messages would be unreadable. */
function longestFirst(secrets: Iterable<string>): readonly string[] {
  return [...secrets].filter((secret) => secret.length >= 8).sort((a, b) => b.length - a.length);
}
