import { describe, expect, it } from 'vitest';
import { createRedact } from '../../../src/domain/text/redact-secrets.js';
import { Secret } from '../../../src/domain/text/secret.js';
import { KnownSecrets } from '../../../src/known-secrets.js';

const secrets = {
  key: 'canaryKey+AAAA/BBBB==',
  signature: 'canarySignature+CCCC/DDDD=',
  password: 'canary p@ssword',
  session: 'canarySession/EEEE+FFFF==',
  token: 'canaryCollectorToken',
};

const redact = createRedact(
  new KnownSecrets({
    LONGHAUL_CREDENTIAL_EAST: `AccountName=east;AccountKey=${secrets.key};BlobEndpoint=https://east.example.com`,
    LONGHAUL_CREDENTIAL_WEST: `?sv=2024-11-04&sp=rl&sig=${encodeURIComponent(secrets.signature)}`,
    HTTPS_PROXY: `http://user:${encodeURIComponent(secrets.password)}@proxy.internal.test:3128`,
    AWS_SESSION_TOKEN: secrets.session,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${secrets.token}`,
  }),
);

describe.each(Object.entries(secrets))('a secret inside a variable: the %s', (_name, secret) => {
  it('does not show as it is, encoded for a URL, or in base64', () => {
    for (const form of formsOf(secret)) expect(redact(`refused: ${form} was sent`)).toBe(clean);
  });
});

describe('a credential that was read from a file', () => {
  it.each([
    ['an account key', secrets.key],
    ['a connection string', `AccountName=east;AccountKey=${secrets.key};`],
    ['a SAS token', `sv=2024-11-04&sp=rl&sig=${encodeURIComponent(secrets.key)}`],
  ])('does not show once it is known: the secret of %s', (_what, value) => {
    const known = new KnownSecrets({});
    const redactRead = createRedact(known);
    expect(redactRead(`refused: ${secrets.key} was sent`)).toContain(secrets.key);
    known.note(new Secret(value));
    for (const form of formsOf(secrets.key)) expect(redactRead(`refused: ${form} was sent`)).toBe(clean);
  });

  it('is remembered until 48 others have been read', () => {
    const known = new KnownSecrets({});
    const later = (number: number): string => `canaryOfHour${String(number)}`;
    for (let number = 0; number < 1_000; number += 1) known.note(new Secret(later(number)));
    const text = [later(999), later(952), later(951)].map((secret) => createRedact(known)(secret));
    expect(text).toEqual(['[redacted]', '[redacted]', later(951)]);
  });
});

const clean = 'refused: [redacted] was sent';

function formsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const bytes = Buffer.from(secret);
  return [
    ...[secret, encoded, encoded.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())],
    ...[bytes.toString('base64'), bytes.toString('base64url')],
  ];
}

it('names of accounts, hosts of proxies and short words are no secrets', () => {
  const text = 'account east behind proxy.internal.test:3128 as user';
  expect(redact(text)).toBe(text);
});
