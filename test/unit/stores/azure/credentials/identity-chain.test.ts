import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Secret } from '../../../../../src/domain/text/secret.js';
import { createAzureSource } from '../../../../../src/stores/azure/azure-source.js';
import { type ScriptedServer, startScriptedServer } from '../../../../support/servers/scripted-server.js';
import { failureOf } from '../../failure-of.js';
import { blob, running } from '../scripted-azure.js';

let tokens: ScriptedServer;

beforeAll(async () => {
  tokens = await startScriptedServer();
  // As the managed identity of an App Service is offered. The chain reads it once.
  vi.stubEnv('IDENTITY_ENDPOINT', `${tokens.url}/token`);
  vi.stubEnv('IDENTITY_HEADER', 'secret-of-the-machine');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await tokens.close();
});

it('an account whose file now holds a key no longer needs the chain, which finds nothing', async () => {
  tokens.script = (_request, response) => response.writeHead(400).end('{}');
  let value = 'default';
  const source = open(async () => value);
  expect((await failureOf(source.head(blob, running))).failureClass).toMatch(/^SourceAuth/);
  value = Buffer.alloc(64, 'k').toString('base64');
  expect((await failureOf(source.head(blob, running))).message).toMatch(/ECONNREFUSED/);
  source.close();
});

it('all accounts of all migrations of a process share one object, which asks for one token', async () => {
  let isUp = false;
  tokens.script = (_request, response) => {
    response.writeHead(isUp ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isUp ? token : { error: 'invalid_request', error_description: 'No.' }));
  };
  const migrations = [open(), open()];
  const [first] = migrations;
  // Its refusal is not kept: the next request asks again.
  expect((await failureOf(first!.head(blob, running))).row).toMatchObject({ scope: 'account', retry: 'after' });
  isUp = true;
  const before = tokens.requests.length;
  for (const source of migrations)
    for (const account of ['east', 'west']) {
      const failure = await failureOf(source.head({ ...blob, account }, running));
      // There is no account behind it: what matters is that the token was had.
      expect(failure.failureClass).toBe('SourceNetwork');
      expect(failure.message).toMatch(/ECONNREFUSED/);
    }
  expect(tokens.requests.length - before).toBe(1);
  for (const source of migrations) source.close();
});

const token = {
  access_token: 'token',
  expires_on: String(Math.floor(Date.now() / 1_000) + 86_400),
  resource: 'https://storage.azure.com/',
  token_type: 'Bearer',
};

function open(value = async (): Promise<string> => 'default') {
  const nobody = 'https://127.0.0.1:1';
  return createAzureSource({
    accounts: { east: { endpoint: nobody, credential: 'east' }, west: { endpoint: nobody } },
    credentials: async () => new Secret(await value()),
    allowInsecureEndpoints: true,
    trustedHosts: ['127.0.0.1'],
  });
}
