import type { TokenCredential } from '@azure/identity';

let shared: Promise<TokenCredential> | undefined;

/**
 * Returns the Azure identity chain (environment, workload identity, managed identity, CLI). One object for the process:
 * it caches its tokens, and token endpoints answer 429 to a machine that asks too often. Loaded on first use, because
 * most runs do not need it.
 */
export function identityChain(): Promise<TokenCredential> {
  shared ??= import('../sdk/azure-identity.js').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
  return shared;
}
