import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../../src/domain/text/secret.js';
import { createAzureSource } from '../../../../src/stores/azure/azure-source.js';
import { createGuardedAgents } from '../../../../src/stores/endpoint/guarded-agent.js';
import { proxyFor } from '../../../../src/stores/endpoint/proxy-for.js';
import { createHttpPools } from '../../../../src/stores/http/http-pools.js';
import { createS3Target } from '../../../../src/stores/s3/s3-target.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { startConnectProxy } from '../../../support/servers/connect-proxy.js';
import { failureOf } from '../failure-of.js';

const endpoint = new URL('https://prodeast.blob.core.windows.net');
const printed = (value: unknown): string => inspect(value, { depth: 9, showHidden: true });

describe('the password of a proxy', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is parted from the address, and does not show in the agent that has it', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://user:canary%20pass@proxy.example.org:3128');
    const proxy = proxyFor(endpoint);
    expect(proxy?.address.href).toBe('http://proxy.example.org:3128/');
    expect(proxy?.user?.password.reveal()).toBe('canary pass');
    const agents = createGuardedAgents({ socketsMax: 1, allowInsecure: false });
    const agent = agents.reaching(endpoint);
    expect(printed(agent)).toContain('proxy.example.org');
    for (const value of [proxy, agent]) expect(printed(value)).not.toContain('canary');
    agents.close();
  });

  it.each(['http://user:canary%zz@proxy.example.org', 'http://user:canary@:3128'])(
    'does not show where the address is none: %s',
    (text) => {
      vi.stubEnv('HTTPS_PROXY', text);
      expect(() => proxyFor(endpoint)).toThrow(
        expect.objectContaining({
          failureClass: 'ConfigError/Endpoint',
          message: 'HTTPS_PROXY is not an address; write it as http://host:port',
        }),
      );
    },
  );
});

describe('a proxy that the environment names', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('leaves to our own client what goes past it: other hosts, plain http and this machine', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example.org:3128');
    vi.stubEnv('NO_PROXY', '.example.com');
    const pools = createHttpPools({ socketsMax: 1, allowInsecure: true });
    expect(pools.reaching(endpoint)).toBeUndefined();
    for (const past of ['https://s3.example.com', 'http://s3.example.org', 'https://127.0.0.1:1', 'https://localhost'])
      expect([past, await pools.reaching(new URL(past))]).toEqual([past, expect.anything()]);
    pools.close();
  });

  it('is used for reads and writes, which the SDKs make then', async () => {
    const proxy = await startConnectProxy({}, 407);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    const running = new AbortController().signal;
    const key = new Secret(Buffer.alloc(64, 's').toString('base64'));
    const access = { allowInsecureEndpoints: false, http: 'lean' } as const;
    const accounts = { east: { endpoint: endpoint.href, credential: 'east' } };
    const source = createAzureSource({ ...access, accounts, credentials: async () => key });
    const target = createS3Target({
      ...access,
      target: { ...smallDefinition().target, endpoint: 'https://s3.internal.test', region: 'us-east-1' },
      keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: key },
    });
    const refused = expect.stringMatching(/the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) refused to connect to .*407/);
    const place = { account: 'east', container: 'events', prefix: '' };
    const body = Buffer.from('x');
    const put = { key: 'k', body, crc32: 'jNDOoA==', metadata: {}, condition: { kind: 'absent' } } as const;
    for (const request of [source.listPage(place, {}, running), target.put(put, running)])
      expect(await failureOf(request)).toMatchObject({ message: refused });
    const hosts = proxy.tunnels.map(({ to }) => to);
    expect(hosts).toEqual([`${endpoint.hostname}:443`, 'archive.s3.internal.test:443']);
    for (const each of [source, target]) each.close();
    await proxy.close();
  });
});
