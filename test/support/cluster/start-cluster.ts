import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3Client } from '../migrations/generated-migration.js';
import type { SharedStack } from '../servers/e2e-stack.js';
import { startAzurite, startSeaweed } from '../servers/local-stores.js';
import { startProxiedStores } from '../servers/proxied-stores.js';
import type { ProxiedStack } from '../servers/use-proxied-stack.js';
import { createNetwork, type ClusterHost, type ClusterNetwork } from './cluster-network.js';
import { startTemporalCluster, type TemporalCluster } from './temporal-cluster.js';
import { startWorker, type HostWorker } from './worker-host.js';

/**
 * A cluster: Temporal on PostgreSQL on one host, the stores on another, and workers on others. All reach the stores
 * through proxies on this machine, where the command line runs too.
 */
export interface Cluster extends ProxiedStack {
  readonly network: ClusterNetwork;
  /** The host of both stores. */
  readonly storesHost: ClusterHost;
  readonly temporal: TemporalCluster;
  /** The process of the store of all objects. */
  readonly seaweedPid: number;
  /** Where logs and data are. */
  readonly folder: string;
  /** The workers, by the names of their hosts. A test that starts another one in its place puts it here. */
  readonly workers: Map<string, HostWorker>;
  /** Starts a worker on a host of this name, which is added if it is not there yet. */
  readonly start: (host: string, options?: WorkerChanges) => Promise<HostWorker>;
}

/** How a worker differs from the others. */
export interface WorkerChanges {
  readonly environment?: Readonly<Record<string, string>>;
  readonly dist?: string;
}

/** Starts a cluster without workers. What ends it is added to `ends`, to be called in reverse, also after a failure. */
export async function startCluster(ends: (() => Promise<void> | void)[]): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-cluster-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const network = await createNetwork();
  ends.push(() => network.end());
  const temporal = await startTemporalCluster(network, 'temporal');
  ends.push(() => temporal.end());
  const storesHost = await network.addHost('stores');
  const place = { namespace: storesHost.namespace, address: storesHost.addresses.stores };
  const azurite = await startAzurite(['prodeast', 'prodwest', 'prodlate'], place);
  ends.push(() => azurite.stop());
  const seaweed = await startSeaweed(place);
  ends.push(() => seaweed.stop());
  const { endpoint: s3Endpoint, accessKeyId, secretAccessKey, region } = seaweed.server;
  const stack: SharedStack = {
    ...{ stateDir: folder, portBase: 0, s3Endpoint },
    environment: {
      ...{ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'default', LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1' },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region },
      // No proxy leads to the addresses of these hosts.
      ...{ HTTP_PROXY: '', HTTPS_PROXY: '', http_proxy: '', https_proxy: '' },
      ...Object.fromEntries(azurite.accounts.flatMap(credentialsOf)),
    },
  };
  const stores = await startProxiedStores(stack, network.addresses.stores);
  ends.push(() => stores.close());
  const s3 = s3Client(stack);
  ends.push(() => s3.destroy());
  const workers = new Map<string, HostWorker>();
  return {
    ...{ network, storesHost, temporal, folder, stack, stores, s3, workers, seaweedPid: seaweed.pid },
    async start(name, { environment, dist } = {}) {
      const host = workers.get(name)?.host ?? (await network.addHost(name));
      const worker = await startWorker(host, {
        ...{ folder, environment: { ...stack.environment, ...environment } },
        ...(dist === undefined ? {} : { dist }),
      });
      workers.set(name, worker);
      return worker;
    },
  };
}

/** The connection string of an account, for tests that read it, and its bare key, for workers. */
function credentialsOf(account: {
  readonly name: string;
  readonly key: string;
  readonly endpoint: string;
}): readonly (readonly [string, string])[] {
  const variable = `LONGHAUL_CREDENTIAL_${account.name.toUpperCase()}`;
  const parts = { AccountName: account.name, AccountKey: account.key, BlobEndpoint: account.endpoint };
  const text = Object.entries({ DefaultEndpointsProtocol: 'http', ...parts }).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [
    [variable, `${text.join(';')};`],
    [`${variable}_KEY`, account.key],
  ];
}
