import { controlTaskQueue } from '../domain/ids.js';
import type { StackProbes } from '../local/stack-options.js';
import type { TemporalPort } from '../commands/ports/temporal-port.js';

/** Proves that the parts of a local stack work, with the SDKs that use them later. */
export function stackProbes(signal: AbortSignal): StackProbes {
  return {
    azure: async (account) => (await import('../stores/azure/probe-azurite.js')).probeAzurite(account, signal),
    s3: async (target) => (await import('../stores/s3/bucket/probe-s3.js')).probeS3(target, signal),
    temporal: (server) =>
      withTemporal({ ...server, taskQueue: 'longhaul' }, async (temporal) => {
        if (!(await temporal.hasSearchAttributes())) throw new Error('the search attributes are not there yet');
      }),
    workers: async ({ taskQueue, ...server }) => {
      for (const queue of [taskQueue, controlTaskQueue(taskQueue)]) {
        await withTemporal({ ...server, taskQueue: queue }, async (temporal) => {
          if (!(await temporal.isPolled())) throw new Error(`nobody polls task queue ${queue} yet`);
        });
      }
    },
  };
}

/** Connects to exactly this server, without the user's settings for another one. */
async function withTemporal(
  server: { readonly address: string; readonly namespace: string; readonly taskQueue: string },
  prove: (temporal: TemporalPort) => Promise<void>,
): Promise<void> {
  const { connectLocalTemporal } = await import('./connect-temporal.js');
  const temporal = await connectLocalTemporal(server);
  try {
    await prove(temporal);
  } finally {
    await temporal.close();
  }
}
