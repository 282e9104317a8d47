import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { BlobSource } from '../../pipeline/source/blob-source.js';
import { createGuardedAgents } from '../endpoint/guarded-agent.js';
import { AzureAccount } from './azure-account.js';
import { headBlob } from './head-blob.js';
import { listBlobs } from './list-blobs.js';
import { openBlob } from './open-blob.js';
import { probeAccount } from './probe-account.js';

/** What an {@link AzureSource} is made of. */
export interface AzureSourceOptions {
  readonly accounts: Definition['accounts'];
  /** Gives the value of a credential by its name, read anew at each call, or undefined where nothing is set. */
  readonly credentials: (name: string) => Promise<string | undefined>;
  readonly allowInsecureEndpoints: boolean;
  /** How long to wait for the head of an answer, or for a whole answer without a body to stream; default 60 s. */
  readonly timeoutMs?: number;
  /** How long to wait for the next bytes of a body; default 30 s. */
  readonly idleTimeoutMs?: number;
  /** Blobs a page of a listing; default 5,000, Azure's maximum, because fewer pages are fewer requests. */
  readonly pageBlobs?: number;
  /** Connections to one account; default 128: at 50 ms a request that is 2,500 requests a second, more than one process handles. */
  readonly socketsMax?: number;
}

/** The source accounts of a migration on Azure Blob Storage. */
export interface AzureSource extends BlobSource {
  /**
   * Makes one list request for at most one blob: throws where the account is unreachable or refuses the credential. A missing container
   * is fine. Without a container it asks for one that does not exist, and a credential that is limited to some containers passes.
   */
  probeAccount(account: string, container: string | undefined, signal: AbortSignal): Promise<void>;
  /** Closes all connections. */
  close(): void;
}

/** Opens the source accounts of a migration. Throws `ConfigError/Endpoint`; credentials are read at an account's first request. */
export function createAzureSource(options: AzureSourceOptions): AzureSource {
  const allowInsecure = options.allowInsecureEndpoints;
  const agents = createGuardedAgents({ socketsMax: options.socketsMax ?? 128, allowInsecure });
  const accounts = new Map<string, AzureAccount>();
  for (const [name, account] of Object.entries(options.accounts))
    accounts.set(name, new AzureAccount({ name, account, credentials: options.credentials, allowInsecure, agents }));
  const timeoutMs = options.timeoutMs ?? 60_000;
  const idleMs = options.idleTimeoutMs ?? 30_000;
  const accountOf = (name: string): AzureAccount => {
    const account = accounts.get(name);
    if (account === undefined) throw new Failure('ConfigError', `the migration file has no account ${name}`);
    return account;
  };
  return {
    async *list(place, signal) {
      yield* listBlobs(accountOf(place.account), place, { signal, timeoutMs, pageBlobs: options.pageBlobs ?? 5_000 });
    },
    async head(name, signal) {
      return headBlob(accountOf(name.account), name, { signal, timeoutMs });
    },
    async *open(blob, signal) {
      yield* openBlob(accountOf(blob.account), blob, { signal, timeoutMs, idleMs });
    },
    async probeAccount(name, container, signal) {
      await probeAccount(accountOf(name), { account: name, container, signal, timeoutMs });
    },
    close: agents.close,
  };
}
