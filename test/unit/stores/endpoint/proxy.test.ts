import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGuardedAgents } from '../../../../src/stores/endpoint/guarded-agent.js';
import { proxyFor } from '../../../../src/stores/endpoint/proxy-for.js';

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
