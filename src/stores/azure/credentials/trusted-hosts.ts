import { Failure } from '../../../domain/failure.js';
import { addressProblem } from '../../endpoint/address-problem.js';

// The blob endpoints of all of Azure's clouds, and those of accounts with a DNS zone of their own.
const azureHosts: readonly RegExp[] = [
  /^[a-z0-9-]+(\.privatelink)?\.blob\.core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net|cloudapi\.de)$/,
  /^[a-z0-9-]+(\.privatelink)?\.z\d+\.blob\.storage\.azure\.net$/,
];

/** Which hosts may be sent a token, besides Azure's own. */
export interface TokenTrust {
  /** Host names that the worker's environment lists; `*.example.com` stands for every name below a domain. */
  readonly trustedHosts: readonly string[];
  readonly allowInsecure: boolean;
}

/**
 * Throws `ConfigError/Endpoint` if a token would be sent to a host that is neither Azure's nor listed: the author of
 * a migration file must not get the worker's tokens by naming a server of their own. A SAS token may also go to this
 * machine if insecure endpoints are allowed, which the local stack needs; a token of the identity chain opens every
 * account, and may not.
 */
export function requireTrustedHost(
  endpoint: URL,
  token: 'identity' | 'sas',
  { account, trustedHosts, allowInsecure }: TokenTrust & { readonly account: string },
): void {
  const host = endpoint.hostname.toLowerCase();
  if (azureHosts.some((azureHost) => azureHost.test(host)) || trustedHosts.some((trusted) => isListed(host, trusted)))
    return;
  if (token === 'sas' && allowInsecure && isThisMachine(host)) return;
  const what = token === 'sas' ? 'a SAS token' : 'a token of the Azure identity chain';
  throw new Failure(
    'ConfigError/Endpoint',
    `account ${account}: ${host} is not a host of Azure Blob Storage, so ${what} is not sent to it; ` +
      'use an account key, or name the host in LONGHAUL_TRUSTED_HOSTS',
    { what: `account ${account}` },
  );
}

function isListed(host: string, trusted: string): boolean {
  const name = trusted.trim().toLowerCase();
  if (!name.startsWith('*.')) return host === name;
  return name.length > 2 && host.endsWith(name.slice(1));
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || addressProblem(host.replace(/^\[|\]$/g, ''), false) !== undefined;
}
