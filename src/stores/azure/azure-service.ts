import {
  AnonymousCredential,
  BlobServiceClient,
  newPipeline,
  StorageSharedKeyCredential,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import type http from 'node:http';
import { Failure } from '../../domain/failure.js';
import { endpointText } from '../endpoint/check-endpoint.js';
import type { GuardedAgents } from '../endpoint/guarded-agent.js';
import { identityChain } from './identity-chain.js';
import type { AzureCredential } from './parse-azure-credential.js';

// The SDK hands these to its pipeline as they are, though its own type does not list them.
interface PipelineOptions extends StoragePipelineOptions {
  readonly agent: http.Agent;
  readonly redirectOptions: { readonly maxRetries: number };
}

/**
 * Creates the SDK's client of an account: one request a call, no redirects, our own agents. Throws `ConfigError/Credential` where the identity
 * chain would have to send its token over plain http.
 */
export async function createAzureService(
  endpoint: URL,
  credential: AzureCredential,
  agents: GuardedAgents,
): Promise<BlobServiceClient> {
  const options: PipelineOptions = {
    // Whoever wants a request tried again wraps the port; the SDK's retries would hide throttling and multiply timeouts.
    retryOptions: { maxTries: 1 },
    redirectOptions: { maxRetries: 0 },
    agent: agents.reaching(endpoint),
  };
  switch (credential.kind) {
    case 'key': {
      const key = new StorageSharedKeyCredential(credential.accountName, credential.accountKey);
      return new BlobServiceClient(endpointText(endpoint), newPipeline(key, options));
    }
    case 'sas': {
      const pipeline = newPipeline(new AnonymousCredential(), options);
      return new BlobServiceClient(`${endpointText(endpoint)}?${credential.token}`, pipeline);
    }
    case 'identity': {
      if (endpoint.protocol !== 'https:')
        throw new Failure(
          'ConfigError/Credential',
          `the Azure identity chain needs https, not ${endpointText(endpoint)}; name a credential with a key or a SAS token`,
        );
      return new BlobServiceClient(endpointText(endpoint), newPipeline(await identityChain(), options));
    }
  }
}
