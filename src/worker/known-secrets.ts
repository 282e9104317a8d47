/**
 * Returns the secrets that environment variables hold, so that they can be kept out of logs and histories: the values,
 * the key or signature inside each, and the password of a proxy; each as it is, encoded for a URL, and in base64.
 */
export function knownSecrets(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const values = Object.entries(variables).map(([name, value]) => ({ name, value: value?.trim() ?? '' }));
  const secrets = values
    .filter(({ name }) => secretNames.some((pattern) => pattern.test(name)))
    .flatMap(({ value }) => [value, ...secretParts(value)]);
  const passwords = values.filter(({ name }) => proxyName.test(name)).flatMap(({ value }) => proxyPassword(value));
  const forms = [...secrets, ...passwords].filter((secret) => secret.length >= shortestLength).flatMap(formsOf);
  return [...new Set(forms)];
}

const secretNames = [
  /^LONGHAUL_CREDENTIAL_(?!.*_FILE$)/,
  /^AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
  /^AZURE_CLIENT_SECRET$/,
  /^TEMPORAL_API_KEY$/,
  /^OTEL_EXPORTER_OTLP_(TRACES_)?HEADERS$/,
];
const proxyName = /^(https?|all)_proxy$/i;

/** Shorter ones are words, without which messages would be unreadable. */
const shortestLength = 8;

/** What an error may quote without the rest: the key of a connection string, the signature of a SAS, a header. */
function secretParts(value: string): readonly string[] {
  const parts = [...value.matchAll(/(?:^|[;,?&\s])(?:AccountKey|sig|[\w-]*authorization|[\w-]*key)=([^;,&\s]+)/gi)];
  return parts.flatMap(([, part = '']) => [part, decoded(part)]);
}

function proxyPassword(value: string): readonly string[] {
  const { password } = URL.canParse(value) ? new URL(value) : { password: '' };
  return [password, decoded(password)];
}

function formsOf(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: it was never encoded.
    return text;
  }
}
