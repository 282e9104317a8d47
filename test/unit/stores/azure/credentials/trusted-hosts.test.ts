import { describe, expect, it } from 'vitest';
import { requireTrustedHost } from '../../../../../src/stores/azure/credentials/trusted-hosts.js';

describe('a token of the identity chain, and a SAS token', () => {
  it.each([
    'https://prodeast.blob.core.windows.net',
    'https://prodeast.privatelink.blob.core.windows.net',
    'https://prodeast-secondary.blob.core.windows.net',
    'https://prodeast.blob.core.chinacloudapi.cn',
    'https://prodeast.blob.core.usgovcloudapi.net',
    'https://prodeast.blob.core.cloudapi.de',
    'https://prodeast.z12.blob.storage.azure.net',
    'https://PRODEAST.blob.core.windows.net',
  ])('are sent to %s', (endpoint) => {
    expect(refusal(endpoint, 'identity')).toBeUndefined();
    expect(refusal(endpoint, 'sas')).toBeUndefined();
  });

  it.each([
    'https://blob.core.windows.net.example.org',
    'https://example.org/prodeast.blob.core.windows.net',
    'https://prodeast.blob.core.windows.net.example.org',
    'https://xblob.core.windows.net',
    'https://a.b.blob.core.windows.net',
    'https://prodeast.queue.core.windows.net',
    'https://prodeast.z.blob.storage.azure.net',
    'https://10.0.0.8',
  ])('are not sent to %s, unless it is listed', (endpoint) => {
    for (const token of ['identity', 'sas'] as const) {
      expect(refusal(endpoint, token)).toMatchObject({ failureClass: 'ConfigError/Endpoint', what: 'account east' });
      expect(refusal(endpoint, token)).toMatchObject({ message: expect.stringContaining('LONGHAUL_TRUSTED_HOSTS') });
      expect(refusal(endpoint, token, [new URL(endpoint).hostname])).toBeUndefined();
    }
  });

  it('are sent below a domain that is listed with a star, and not to the domain or its look-alikes', () => {
    const trusted = ['*.example.org'];
    expect(refusal('https://blobs.example.org', 'identity', trusted)).toBeUndefined();
    expect(refusal('https://example.org', 'identity', trusted)).toBeDefined();
    expect(refusal('https://badexample.org', 'identity', trusted)).toBeDefined();
    for (const host of ['https://example.org', 'https://example.org.'])
      expect(refusal(host, 'identity', ['', '*.', '*'])).toBeDefined();
  });

  it('differ on this machine: a SAS token may reach the local stack, the identity chain may not', () => {
    for (const endpoint of ['https://127.0.0.1:10000/prodeast', 'https://localhost:10000', 'https://[::1]']) {
      expect(refusal(endpoint, 'sas', [], true)).toBeUndefined();
      expect(refusal(endpoint, 'sas', [], false)).toBeDefined();
      expect(refusal(endpoint, 'identity', [], true)).toBeDefined();
    }
  });
});

function refusal(
  endpoint: string,
  token: 'identity' | 'sas',
  trustedHosts: readonly string[] = [],
  allowInsecure = false,
): unknown {
  try {
    requireTrustedHost(new URL(endpoint), token, { account: 'east', trustedHosts, allowInsecure });
    return undefined;
  } catch (error) {
    return error;
  }
}
