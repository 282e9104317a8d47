import { getProxyForUrl } from 'proxy-from-env';
import { Failure } from '../../domain/failure.js';
import { Secret } from '../../domain/text/secret.js';

/** A proxy: its address without user and password, and these two, if it needs them. */
export interface Proxy {
  readonly address: URL;
  readonly user: { readonly name: string; readonly password: Secret } | undefined;
}

/**
 * Returns the proxy for an https endpoint, by `HTTPS_PROXY` and `NO_PROXY` (or their lower-case forms), or undefined.
 * Loopback and plain http never use one. Throws `ConfigError/Endpoint` if the variable does not hold an address.
 */
export function proxyFor(endpoint: URL): Proxy | undefined {
  if (endpoint.protocol !== 'https:' || /^(localhost|127\..*|\[::1\])$/.test(endpoint.hostname)) return undefined;
  const text = getProxyForUrl(endpoint.href);
  return text === '' ? undefined : parseProxy(text);
}

function parseProxy(text: string): Proxy {
  try {
    const address = new URL(text);
    const { username, password } = address;
    Object.assign(address, { username: '', password: '' });
    if (username === '' && password === '') return { address, user: undefined };
    const user = { name: decodeURIComponent(username), password: new Secret(decodeURIComponent(password)) };
    return { address, user };
  } catch {
    // Neither the text nor the error, which quotes it: it may hold a password.
    throw new Failure('ConfigError/Endpoint', 'HTTPS_PROXY is not an address; write it as http://host:port', {
      what: 'the proxy',
    });
  }
}
