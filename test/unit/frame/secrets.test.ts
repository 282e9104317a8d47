import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const src = new URL('../../../src/', import.meta.url).pathname;

test('a secret is revealed only where it signs, is sent, is understood or is kept out of texts', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const revealing = files.filter((name) => readFileSync(`${src}${name}`, 'utf8').includes('.reveal()'));
  expect(revealing.sort()).toEqual([
    'known-secrets.ts',
    'stores/azure/azure-account.ts',
    'stores/azure/azure-service.ts',
    'stores/azure/credentials/credential-facts.ts',
    'stores/azure/credentials/parse-azure-credential.ts',
    'stores/azure/lean/azure-access.ts',
    'stores/endpoint/tunnel-agent.ts',
    'stores/s3/s3-client.ts',
    'worker/connect.ts',
  ]);
});
