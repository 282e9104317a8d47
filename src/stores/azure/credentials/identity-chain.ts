import type { TokenCredential } from '@azure/identity';
import { sharedToken } from './shared-token.js';

let shared: Promise<TokenCredential> | undefined;

/**
 * Returns the Azure identity chain (environment, workload identity, managed identity, CLI). One object for the process,
 * which holds its token: token endpoints answer 429 to a machine that asks too often. Loaded on first use, because most
 * runs do not need it.
 */
export function identityChain(): Promise<TokenCredential> {
  shared ??= import('../../sdk/azure-identity.js').then(({ DefaultAzureCredential }) =>
    sharedToken(new DefaultAzureCredential()),
  );
  return shared;
}
