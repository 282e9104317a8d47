import { afterAll, beforeAll } from 'vitest';
import { startCluster, type Cluster } from './start-cluster.js';

/** Starts a cluster before the tests of a file and ends it after them. It may be used from the first hook on. */
export function useCluster(hostNames: readonly string[] = ['worker-1', 'worker-2']): Cluster {
  let started: Cluster | undefined;
  const ends: (() => Promise<void> | void)[] = [];
  beforeAll(async () => {
    started = await startCluster(ends);
    for (const name of hostNames) await started.start(name);
  }, 1_800_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  return new Proxy({} as Cluster, {
    get(_target, name) {
      if (started === undefined) throw new Error('the cluster has not been started');
      return started[name as keyof Cluster];
    },
  });
}
