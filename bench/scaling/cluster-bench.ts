import { startCluster } from '../../test/support/cluster/start-cluster.js';
import type { ClusterHost } from '../../test/support/cluster/cluster-network.js';
import type { Bench } from './measure-run.js';

/** Starts Temporal on PostgreSQL on a host of its own. Each worker gets a host, too. Needs root. */
export async function startClusterBench(): Promise<{ readonly bench: Bench; readonly end: () => Promise<void> }> {
  const ends: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    for (const each of ends.splice(0).reverse()) await each();
  };
  try {
    const { network, temporal, stack, s3, stores, seaweedPid } = await startCluster(ends);
    const hosts = new Map<number, ClusterHost>();
    return {
      end,
      bench: {
        // All hosts reach the ledger through the proxy, whose CPU time is counted for nothing.
        ...{ stack: { ...stack, s3Endpoint: stores.endpoints.s3 }, s3, database: temporal.postgres.data },
        processes: { temporal: temporal.pids(), database: [temporal.postgres.pid()], ledger: [seaweedPid] },
        ledgerRequests: () => stores.target.requests.length,
        async onHost(worker) {
          const host = hosts.get(worker) ?? (await network.addHost(`worker-${String(worker)}`));
          hosts.set(worker, host);
          return ['ip', 'netns', 'exec', host.namespace];
        },
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
