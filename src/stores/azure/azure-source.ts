import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { Secret } from '../../domain/text/secret.js';
import type { ExploredSource } from '../../explore/explored-source.js';
import type { ProbedSource } from '../../probes/source/probed-source.js';
import { createGuardedAgents } from '../endpoint/guarded-agent.js';
import { createHttpPools, type HttpClient } from '../http/http-pools.js';
import { AzureAccount } from './azure-account.js';
import { headBlob } from './head-blob.js';
import { listBlobs } from './listing/list-blobs.js';
import { listContainers } from './listing/list-containers.js';
import { listFolders } from './listing/list-folders.js';
import { openBlob } from './open-blob.js';
import { probeAccount } from './probe-account.js';
import { readBlob } from './read-blob.js';

/** What an {@link AzureSource} is made of. */
export interface AzureSourceOptions {
  readonly accounts: Definition['accounts'];
  /**
   * Returns a credential by its name, read again at each call; undefined if nothing is set. Rejects if its file cannot
   * be read.
   */
  readonly credentials: (name: string) => Promise<Secret | undefined>;
  readonly allowInsecureEndpoints: boolean;
  /**
   * Hosts besides Azure's own that may be sent a token; `*.example.com` stands for every name below a domain.
   * Default: none.
   */
  readonly trustedHosts?: readonly string[];
  /** How long to wait for the head of an answer, or for all of one that is not streamed; default 60 s. */
  readonly timeoutMs?: number;
  /** How long to wait for the next bytes of a body; default 30 s. */
  readonly idleTimeoutMs?: number;
  /**
   * How much of a body must arrive while it is waited for; default 64 KiB a minute. Below that a new connection may
   * be faster.
   */
  readonly slowest?: { readonly bytes: number; readonly withinMs: number };
  /** Blobs on a page of a listing; default 5,000, Azure's maximum, because fewer pages take fewer requests. */
  readonly pageBlobs?: number;
  /**
   * Connections to one account; default 128: at 50 ms each, 2,500 requests a second, more than one process can
   * handle.
   */
  readonly socketsMax?: number;
  /** Which client reads and lists blobs; default: our own. */
  readonly http?: HttpClient | undefined;
}

/**
 * The source accounts of a migration on Azure Blob Storage. `probeAccount` makes one list request for at most one blob;
 * a missing container is fine, and so is a credential for some containers only, if none is named.
 */
export interface AzureSource extends ProbedSource, ExploredSource {
  /** Closes all connections. */
  close(): void;
}

/**
 * Opens the source accounts of a migration. An account's endpoint is checked and its credential is read at its first
 * request, which may fail with `ConfigError/Endpoint`.
 */
export function createAzureSource(options: AzureSourceOptions): AzureSource {
  const { credentials, allowInsecureEndpoints: allowInsecure, trustedHosts = [] } = options;
  const socketsMax = options.socketsMax ?? 128;
  const agents = createGuardedAgents({ socketsMax, allowInsecure });
  const pools = createHttpPools({ socketsMax, allowInsecure, http: options.http });
  const accounts = new Map<string, AzureAccount>();
  const timeoutMs = options.timeoutMs ?? 60_000;
  // Somebody has just started a migration and waits for the answer.
  const probeTimeoutMs = Math.min(timeoutMs, 15_000);
  const idleMs = options.idleTimeoutMs ?? 30_000;
  const slowest = options.slowest ?? { bytes: 64 * 1024, withinMs: 60_000 };
  // An account that this worker may not use is refused when it is needed, so that the others can be used.
  const accountOf = (name: string): AzureAccount => {
    const opened = accounts.get(name);
    if (opened !== undefined) return opened;
    const account = options.accounts[name];
    if (account === undefined) throw new Failure('ConfigError', `the migration file has no account ${name}`);
    const opening = new AzureAccount({ name, account, credentials, allowInsecure, trustedHosts, agents, pools });
    accounts.set(name, opening);
    return opening;
  };
  return {
    async listPage(place, from, signal) {
      const request = { signal, timeoutMs, pageBlobs: options.pageBlobs ?? 5_000 };
      return listBlobs(accountOf(place.account), { place, from }, request);
    },
    async listContainers(name, from, signal) {
      return listContainers(accountOf(name), { name, from }, { signal, timeoutMs });
    },
    async listFolders(place, from, signal) {
      return listFolders(accountOf(place.account), { place, from }, { signal, timeoutMs });
    },
    async head(name, signal) {
      return headBlob(accountOf(name.account), name, { signal, timeoutMs });
    },
    async *open(blob, signal, offset = 0) {
      yield* openBlob(accountOf(blob.account), blob, { signal, timeoutMs, idleMs, slowest, offset });
    },
    read: async (blob, signal) => readBlob(accountOf(blob.account), blob, { signal, timeoutMs, idleMs, slowest }),
    async probeAccount(name, container, signal) {
      await probeAccount(accountOf(name), { account: name, container, signal, timeoutMs: probeTimeoutMs });
    },
    async describeCredential(name) {
      return accountOf(name).describeCredential();
    },
    close() {
      agents.close();
      pools.close();
    },
  };
}
