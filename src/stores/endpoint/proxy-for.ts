import { getProxyForUrl } from 'proxy-from-env';
import { Failure } from '../../domain/failure.js';

/**
 * Returns the proxy for an https endpoint, by `HTTPS_PROXY` and `NO_PROXY` (or their lower-case forms), or undefined.
 * Loopback and plain http never use one. Throws `ConfigError/Endpoint` if the variable does not hold an address.
 */
export function proxyFor(endpoint: URL): URL | undefined {
  if (endpoint.protocol !== 'https:' || /^(localhost|127\..*|\[::1\])$/.test(endpoint.hostname)) return undefined;
  const text = getProxyForUrl(endpoint.href);
  if (text === '') return undefined;
  // Not quoted: it may hold a password.
  if (!URL.canParse(text)) {
    throw new Failure('ConfigError/Endpoint', 'HTTPS_PROXY is not an address; write it as http://host:port', {
      what: 'the proxy',
    });
  }
  return new URL(text);
}
