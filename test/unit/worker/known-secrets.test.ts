import { describe, expect, it } from 'vitest';
import { createRedact } from '../../../src/activities/redact-secrets.js';
import { knownSecrets } from '../../../src/worker/known-secrets.js';

const secrets = {
  key: 'canaryKey+AAAA/BBBB==',
  signature: 'canarySignature+CCCC/DDDD=',
  password: 'canary p@ssword',
  session: 'canarySession/EEEE+FFFF==',
  token: 'canaryCollectorToken',
};

const redact = createRedact(
  knownSecrets({
    LONGHAUL_CREDENTIAL_EAST: `AccountName=east;AccountKey=${secrets.key};BlobEndpoint=https://east.example.com`,
    LONGHAUL_CREDENTIAL_WEST: `?sv=2024-11-04&sp=rl&sig=${encodeURIComponent(secrets.signature)}`,
    HTTPS_PROXY: `http://user:${encodeURIComponent(secrets.password)}@proxy.internal.test:3128`,
    AWS_SESSION_TOKEN: secrets.session,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${secrets.token}`,
  }),
);

describe.each(Object.entries(secrets))('a secret inside a variable: the %s', (_name, secret) => {
  it('does not show as it is, encoded for a URL, or in base64', () => {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const form of forms) expect(redact(`refused: ${form} was sent`)).toBe('refused: [redacted] was sent');
  });
});

it('names of accounts, hosts of proxies and short words are no secrets', () => {
  const text = 'account east behind proxy.internal.test:3128 as user';
  expect(redact(text)).toBe(text);
});
