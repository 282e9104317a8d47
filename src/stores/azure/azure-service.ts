import type { StoragePipelineOptions } from '@azure/storage-blob';
import { AnonymousCredential, BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '../sdk/azure-blobs.js';
import type http from 'node:http';
import { Failure } from '../../domain/failure.js';
import { endpointText } from '../endpoint/check-endpoint.js';
import type { GuardedAgents } from '../endpoint/guarded-agent.js';
import { boundAnswers } from './bounded-answers.js';
import { identityChain } from './credentials/identity-chain.js';
import type { AzureCredential } from './credentials/parse-azure-credential.js';

// The SDK passes these on to its pipeline, though its own type does not list them.
interface PipelineOptions extends StoragePipelineOptions {
  readonly agent: http.Agent;
  readonly redirectOptions: { readonly maxRetries: number };
}

type SdkCredential = Parameters<typeof newPipeline>[0];

/**
 * Creates the SDK's client of an account: one request per call, no redirects, bounded answers, our own agents. A token
 * of the identity chain must not be sent over plain http.
 */
export async function createAzureService(
  endpoint: URL,
  credential: AzureCredential,
  agents: GuardedAgents,
): Promise<BlobServiceClient> {
  const options: PipelineOptions = {
    // The pipeline's stages retry; retries of the SDK would hide throttling and multiply timeouts.
    retryOptions: { maxTries: 1 },
    redirectOptions: { maxRetries: 0 },
    agent: agents.reaching(endpoint),
  };
  const { url, sdkCredential } = await authorised(endpoint, credential);
  const pipeline = newPipeline(sdkCredential, options);
  // Creating the first client makes the pipeline ready to be bounded; the second one is bounded.
  new BlobServiceClient(url, pipeline);
  boundAnswers(pipeline);
  return new BlobServiceClient(url, pipeline);
}

async function authorised(
  endpoint: URL,
  credential: AzureCredential,
): Promise<{ readonly url: string; readonly sdkCredential: SdkCredential }> {
  const url = endpointText(endpoint);
  switch (credential.kind) {
    case 'key':
      return {
        url,
        sdkCredential: new StorageSharedKeyCredential(credential.accountName, credential.accountKey.reveal()),
      };
    case 'sas':
      return { url: `${url}?${credential.token.reveal()}`, sdkCredential: new AnonymousCredential() };
    case 'identity':
      return { url, sdkCredential: await identityChain() };
  }
}

/** Throws `ConfigError/Credential` if the identity chain would send its token over plain http. */
export function requireSecureIdentity(endpoint: URL, { kind }: AzureCredential): void {
  if (kind !== 'identity' || endpoint.protocol === 'https:') return;
  throw new Failure(
    'ConfigError/Credential',
    `the Azure identity chain needs https, not ${endpointText(endpoint)}; ` +
      'name a credential with a key or a SAS token',
  );
}
