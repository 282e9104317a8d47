import { getProxyForUrl } from 'proxy-from-env';
import { Failure } from '../../domain/failure.js';

/**
 * Gives the proxy through which an https endpoint is reached, by `HTTPS_PROXY` and `NO_PROXY` (or in lower case); undefined for none. This
 * machine is never reached through one, nor is plain http. Throws `ConfigError/Endpoint` where the variable holds no address.
 */
export function proxyFor(endpoint: URL): URL | undefined {
  if (endpoint.protocol !== 'https:' || /^(localhost|127\..*|\[::1\])$/.test(endpoint.hostname)) return undefined;
  const text = getProxyForUrl(endpoint.href);
  if (text === '') return undefined;
  // Not quoted: it may hold a password.
  if (!URL.canParse(text)) {
    throw new Failure('ConfigError/Endpoint', 'HTTPS_PROXY is no address; write it as http://host:port', {
      what: 'the proxy',
    });
  }
  return new URL(text);
}
