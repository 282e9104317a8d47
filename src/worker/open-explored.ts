import type { OpenExplored } from '../activities/activity-dependencies.js';
import { Secret } from '../domain/text/secret.js';
import type { ExploreRequest } from '../explore/explore-request.js';
import { createAzureSource } from '../stores/azure/azure-source.js';
import type { StoreOptions } from './open-migrations.js';

/**
 * Opens an account to explore it. Without a migration file, the Azure identity chain stands in for a credential that is
 * not set.
 */
export function openExplored(
  { name, definition, orIdentity }: ExploreRequest['account'],
  { allowInsecureEndpoints, credentials, trustedHosts, http }: StoreOptions,
): OpenExplored {
  const source = createAzureSource({
    accounts: { [name]: definition },
    credentials: async (wanted) => (await credentials(wanted)) ?? (orIdentity ? new Secret('default') : undefined),
    ...{ allowInsecureEndpoints, trustedHosts, http },
  });
  return { source, close: () => source.close() };
}
