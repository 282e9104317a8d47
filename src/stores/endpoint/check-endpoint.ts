import { isIP } from 'node:net';
import { Failure } from '../../domain/failure.js';
import { addressProblem, hostNameProblem } from './address-problem.js';

/**
 * Returns the URL of an endpoint, without a slash at its end, or throws `ConfigError/Endpoint`. Names are checked again
 * after DNS, see {@link guardedLookup}; redirects are never followed. `owner` says whose endpoint it is, such as
 * `account east`.
 */
export function checkEndpoint(endpoint: string, owner: string, allowInsecure: boolean): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined) throw refused(owner, 'it is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused(owner, `it begins with ${url.protocol}//, not https://`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refused(owner, 'it must hold no credential, query or fragment; a secret belongs in the named credential');
  // URL has already turned decimal, octal and hexadecimal spellings of an address into the usual one.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const problem = isIP(host) === 0 ? hostNameProblem(host) : addressProblem(host, allowInsecure);
  if (problem !== undefined) throw refused(owner, `${host}: ${problem}`);
  if (!allowInsecure && /(^|\.)localhost\.?$/i.test(host)) throw refused(owner, `${host} is this machine`);
  if (!allowInsecure && url.protocol === 'http:')
    throw refused(owner, 'plain http shows data and credentials to the network; use https://');
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** Returns an endpoint as text, without a slash at its end. */
export function endpointText(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

function refused(owner: string, why: string): Failure {
  return new Failure('ConfigError/Endpoint', `the endpoint of ${owner} is refused: ${why}`, { what: owner });
}
