import type { Secret } from './domain/text/secret.js';

// A credential that is rotated every hour is remembered for two days; errors quote the latest ones.
const readMax = 48;

/**
 * The secrets that a process knows, so that they can be kept out of logs and histories: the credentials that it has
 * read and those that environment variables hold, the key or signature inside each, and the password of a proxy.
 * Iterates over the forms in which an error may quote them: as they are, encoded for a URL, and in base64.
 */
export class KnownSecrets {
  readonly #ofVariables: readonly string[];
  readonly #read = new Map<string, readonly string[]>();

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#ofVariables = [...new Set(variableSecrets(variables).flatMap(formsOf))];
  }

  /**
   * Adds a credential that was read, for example from a rotated file. If there are too many, the oldest is forgotten.
   */
  note(secret: Secret): void {
    const value = secret.reveal();
    const known = this.#read.get(value);
    this.#read.delete(value);
    this.#read.set(value, known ?? [...new Set([value, ...secretParts(value)].flatMap(formsOf))]);
    const [oldest] = this.#read.keys();
    if (this.#read.size > readMax && oldest !== undefined) this.#read.delete(oldest);
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.#ofVariables;
    for (const forms of this.#read.values()) yield* forms;
  }
}

function variableSecrets(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const values = Object.entries(variables).map(([name, value]) => ({ name, value: value?.trim() ?? '' }));
  const secrets = values
    .filter(({ name }) => secretNames.some((pattern) => pattern.test(name)))
    .flatMap(({ value }) => [value, ...secretParts(value)]);
  const passwords = values.filter(({ name }) => proxyName.test(name)).flatMap(({ value }) => proxyPassword(value));
  return [...secrets, ...passwords];
}

const secretNames = [
  /^LONGHAUL_CREDENTIAL_(?!.*_FILE$)/,
  /^AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
  /^AZURE_CLIENT_SECRET$/,
  /^TEMPORAL_API_KEY$/,
  /^OTEL_EXPORTER_OTLP_(TRACES_)?HEADERS$/,
];
const proxyName = /^(https?|all)_proxy$/i;

/** Shorter ones may be ordinary words; without those, messages would be unreadable. */
const shortestLength = 8;

/**
 * Returns the parts that an error may quote on their own: the key of a connection string, the signature of a SAS, a
 * header.
 */
function secretParts(value: string): readonly string[] {
  const parts = [...value.matchAll(/(?:^|[;,?&\s])(?:AccountKey|sig|[\w-]*authorization|[\w-]*key)=([^;,&\s]+)/gi)];
  return parts.flatMap(([, part = '']) => [part, decoded(part)]);
}

/** Returns the password in a URL, and user and password as a header carries them. */
function proxyPassword(value: string): readonly string[] {
  const { username, password } = URL.canParse(value) ? new URL(value) : { username: '', password: '' };
  if (password === '') return [];
  return [password, decoded(password), `${decoded(username)}:${decoded(password)}`];
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < shortestLength) return [];
  const encoded = encodeURIComponent(secret);
  const bytes = Buffer.from(secret);
  return [
    ...[secret, encoded, encoded.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())],
    ...[bytes.toString('base64'), bytes.toString('base64url')],
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: it was never encoded.
    return text;
  }
}
