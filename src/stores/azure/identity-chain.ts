import type { TokenCredential } from '@azure/identity';

let shared: Promise<TokenCredential> | undefined;

/**
 * Gives the Azure identity chain (environment, workload identity, managed identity, CLI). One object a process: token endpoints answer 429
 * to a machine on which many ask, and the object caches its tokens. Loaded on first use, because most runs do not need it.
 */
export function identityChain(): Promise<TokenCredential> {
  shared ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
  return shared;
}
