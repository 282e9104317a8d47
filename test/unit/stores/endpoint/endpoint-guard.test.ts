import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../../../src/domain/definition.js';
import { Failure } from '../../../../src/domain/failure.js';
import { Secret } from '../../../../src/domain/text/secret.js';
import { AzureAccount } from '../../../../src/stores/azure/azure-account.js';
import { createAzureSource } from '../../../../src/stores/azure/azure-source.js';
import { listPage } from '../../../../src/stores/azure/listing/list-page.js';
import { createHttpPools } from '../../../../src/stores/http/http-pools.js';
import { checkEndpoint, endpointText } from '../../../../src/stores/endpoint/check-endpoint.js';
import { createGuardedAgents } from '../../../../src/stores/endpoint/guarded-agent.js';
import { endpointRefusedCode, guardedLookup } from '../../../../src/stores/endpoint/guarded-lookup.js';
import { createS3Target } from '../../../../src/stores/s3/s3-target.js';
import { startScriptedServer } from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';

describe('an endpoint', () => {
  it.each(['https://prodeast.blob.core.windows.net', 'https://s3.example.org/path/', 'https://10.0.0.8:9000'])(
    '%s is accepted',
    (endpoint) => {
      expect(endpointText(checkEndpoint(endpoint, 'account east', false))).toBe(endpoint.replace(/\/$/, ''));
    },
  );

  it.each([
    'http://169.254.169.254/latest',
    'https://169.254.0.1',
    'http://2852039166',
    'http://0xa9fea9fe',
    'http://0251.0376.0251.0376',
    'http://[::ffff:169.254.169.254]',
    'http://[::ffff:a9fe:a9fe]',
    'http://[fe80::1]',
    'http://[febf::1]',
    'http://[fd00:ec2::254]',
    'http://[64:ff9b::169.254.169.254]',
    'http://[64:ff9b:1::a9fe:a9fe]',
    'http://[::a9fe:a9fe]',
    'http://[::ffff:0:a9fe:a9fe]',
    'http://[2002:a9fe:a9fe::1]',
    'http://[2001:db8::5efe:a9fe:a9fe]',
    'http://[2001:0:1234:5678:8000:63bf:5601:5601]',
    'http://[2001:0:a9fe:a9fe::]',
  ])('%s is link-local and refused always', (endpoint) => {
    for (const allowed of [true, false])
      expect(refusalOf(endpoint, allowed)).toMatchObject({ failureClass: 'ConfigError/Endpoint' });
    expect(refusalOf(endpoint, true)!.message).toMatch(/link-local/);
  });

  it.each([
    'http://168.63.129.16/machine',
    'https://100.100.100.200',
    'https://[fd20:ce::254]',
    'https://[fd00:ec2::23]',
    'https://metadata.google.internal/computeMetadata',
    'https://METADATA.google.internal.',
    'https://instance-data.ec2.internal',
  ])('%s is a metadata service and refused always', (endpoint) => {
    for (const allowed of [true, false])
      expect(refusalOf(endpoint, allowed)?.message).toMatch(/metadata service, which hands out credentials/);
  });

  it.each(['https://[2606:4700::6810:84e5]', 'https://[2001:db8::a9fe:a9fe]', 'https://[fd12::254]'])(
    '%s is accepted, whatever its digits look like',
    (endpoint) => {
      expect(refusalOf(endpoint, false)).toBeUndefined();
    },
  );

  it.each([
    'http://prodeast.blob.core.windows.net',
    'https://127.0.0.1:10000/prodeast',
    'http://127.1',
    'https://[::1]:8333',
    'https://[::ffff:127.0.0.1]',
    'https://[::7f00:1]',
    'https://[2002:7f00:1::]',
    'https://0.0.0.0',
    'https://localhost',
    'https://s3.localhost.',
  ])('%s is accepted only when insecure endpoints are allowed', (endpoint) => {
    expect(refusalOf(endpoint, true)).toBeUndefined();
    expect(refusalOf(endpoint, false)).toMatchObject({ failureClass: 'ConfigError/Endpoint' });
  });

  it.each([
    ['ftp://example.org', 'ftp:'],
    ['file:///etc/passwd', 'file:'],
    ['not a url', 'not a URL'],
    ['https://user:hidden@example.org', 'no credential'],
    ['https://example.org/?sig=hidden', 'no credential'],
    ['https://example.org/#hidden', 'no credential'],
  ])('%s is refused, and the message does not repeat a secret', (endpoint, why) => {
    const refusal = refusalOf(endpoint, true)!;
    expect(refusal.message).toContain(why);
    expect(refusal.message).toContain('account east');
    expect(refusal.message).not.toContain('hidden');
  });

  it('is refused before any request, by sources and targets alike', async () => {
    const endpoint = 'https://169.254.169.254';
    const options = { credentials: async () => undefined, allowInsecureEndpoints: true };
    const source = createAzureSource({ ...options, accounts: { east: { endpoint } } });
    await expect(source.probeAccount('east', undefined, new AbortController().signal)).rejects.toThrow(/link-local/);
    source.close();
    const target: TargetDefinition = {
      bucket: 'b',
      key: 'k',
      endpoint,
      tags: {},
      metadata: {},
      overwrite: 'never',
      conditionalWrites: 'require',
      control: { bucket: 'b', prefix: 'p' },
    };
    expect(() => createS3Target({ target, allowInsecureEndpoints: true })).toThrow(/link-local/);
  });
});

describe('a name', () => {
  it('is refused when DNS gives any address that may not be connected to', async () => {
    expect(await resolved(['93.184.216.34', '169.254.169.254'], true)).toMatchObject({ code: endpointRefusedCode });
    expect(await resolved(['127.0.0.1'], false)).toMatchObject({ code: endpointRefusedCode });
    expect(await resolved(['127.0.0.1'], true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await resolved(['93.184.216.34'], false)).toEqual([{ address: '93.184.216.34', family: 4 }]);
  });

  it('that DNS does not know fails with the error of DNS', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND east.example'), { code: 'ENOTFOUND' });
    const lookup = guardedLookup(false, (_name, _options, callback) => callback(unknown));
    for (const all of [true, false]) {
      const told = await new Promise((resolve) => {
        lookup('east.example', { all }, resolve);
      });
      expect(told).toBe(unknown);
    }
  });

  it.each(['lean', 'sdk'] as const)(
    'that leads to this machine is refused by the connection itself, before any request (%s)',
    async (http) => {
      const server = await startScriptedServer();
      const port = new URL(server.url).port;
      const running = new AbortController().signal;
      const agents = createGuardedAgents({ socketsMax: 1, allowInsecure: false });
      const pools = createHttpPools({ socketsMax: 1, allowInsecure: false, http });
      // The check of the endpoint alone would let this name pass; the connection must not.
      const account = new AzureAccount({
        name: 'east',
        account: { endpoint: `http://localhost:${port}/prodeast`, credential: 'key' },
        credentials: async () => new Secret(Buffer.alloc(64).toString('base64')),
        allowInsecure: true,
        trustedHosts: [],
        agents,
        pools,
      });
      const place = { account: 'east', container: 'events', prefix: '' };
      const failure = await failureOf(listPage(account, place, { signal: running, timeoutMs: 20_000, pageBlobs: 1 }));
      expect(failure.failureClass).toBe('ConfigError/Endpoint');
      expect(server.requests).toHaveLength(0);
      agents.close();
      pools.close();
      await server.close();
    },
  );
});

function refusalOf(endpoint: string, allowInsecure: boolean): Failure | undefined {
  try {
    checkEndpoint(endpoint, 'account east', allowInsecure);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function resolved(addresses: string[], allowInsecure: boolean): Promise<unknown> {
  const found: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }));
  const lookup = guardedLookup(allowInsecure, (_name, _options, callback) => callback(null, found));
  return new Promise((resolve) => {
    lookup('harmless.example.org', { all: true }, (error, all) => resolve(error ?? all));
  });
}
