import { createHash } from 'node:crypto';
import { Secret } from '../../domain/text/secret.js';
import { checkEndpoint } from '../endpoint/check-endpoint.js';
import { createGuardedAgents } from '../endpoint/guarded-agent.js';
import { withTimeout } from '../request/idle-scope.js';
import { describeAzureError } from './azure-error.js';
import { azureFailure } from './azure-failure.js';
import { createAzureService } from './azure-service.js';

/** Writes blobs to one account of the local stack: demo data, and proofs that the server works. */
export interface AzureWriter {
  /** Creates a container, or does nothing if it exists. */
  ensureContainer(container: string, signal: AbortSignal): Promise<void>;
  /** Stores a blob with its MD5, replacing any other; its container must exist. */
  putBlob(
    blob: { readonly container: string; readonly name: string; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<void>;
  getBlob(blob: { readonly container: string; readonly name: string }, signal: AbortSignal): Promise<Uint8Array>;
  deleteContainer(container: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

// The limit of one request; the server writes to a disk of this machine.
const timeoutMs = 60_000;

/** Opens an account of the local stack with its key. */
export async function createAzureWriter(account: {
  readonly endpoint: string;
  readonly name: string;
  readonly key: string;
}): Promise<AzureWriter> {
  const endpoint = checkEndpoint(account.endpoint, `account ${account.name}`, true);
  const agents = createGuardedAgents({ socketsMax: 32, allowInsecure: true });
  const credential = { kind: 'key', accountName: account.name, accountKey: new Secret(account.key) } as const;
  const service = await createAzureService(endpoint, credential, agents);
  const ask = async <T>(doing: string, signal: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await withTimeout(call, { signal, timeoutMs });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw azureFailure(error, { doing, account: account.name });
    }
  };
  const label = (container: string, name = ''): string => `${account.name}/${container}/${name}`;
  return {
    ensureContainer: (container, outer) =>
      ask(`create ${label(container)}`, outer, async (signal) => {
        await service.getContainerClient(container).createIfNotExists({ abortSignal: signal });
      }),
    putBlob: ({ container, name, bytes }, outer) =>
      ask(`write ${label(container, name)}`, outer, async (signal) => {
        const blobContentMD5 = createHash('md5').update(bytes).digest();
        const client = service.getContainerClient(container).getBlockBlobClient(name);
        await client.upload(Buffer.from(bytes), bytes.length, {
          blobHTTPHeaders: { blobContentMD5 },
          abortSignal: signal,
        });
      }),
    getBlob: ({ container, name }, outer) =>
      ask(`read ${label(container, name)}`, outer, (signal) =>
        service
          .getContainerClient(container)
          .getBlobClient(name)
          .downloadToBuffer(0, undefined, { abortSignal: signal }),
      ),
    deleteContainer: (container, outer) =>
      ask(`delete ${label(container)}`, outer, async (signal) => {
        try {
          await service.getContainerClient(container).delete({ abortSignal: signal });
        } catch (error) {
          if (describeAzureError(error).status !== 404) throw error;
        }
      }),
    close: agents.close,
  };
}
