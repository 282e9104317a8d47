import { setTimeout as wait } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { proxyFor } from '../stores/endpoint/proxy-for.js';
import { connectRetry } from './worker-options.js';

/** A connection to Temporal and the namespace that the environment names. */
export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

/**
 * Connects to Temporal as the environment says (`TEMPORAL_ADDRESS` and others, `temporal.toml`). Waits for a server
 * that does not answer, and logs that every 15 s: a worker is started once and outlives servers. Rejects with the
 * signal's reason when aborted.
 */
export async function connectPatiently(log: Logger, signal: AbortSignal): Promise<TemporalConnection> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  let saidMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    try {
      return {
        connection: await NativeConnection.connect({ ...connectionOptions, ...throughProxy(address) }),
        namespace,
      };
    } catch (error) {
      if (performance.now() - saidMs >= connectRetry.sayEveryMs) {
        saidMs = performance.now();
        const reason = error instanceof Error ? error.message : String(error);
        log.warn(`Temporal at ${address} does not answer (${reason}); waiting for it. TEMPORAL_ADDRESS names another.`);
      }
      await pause(signal);
    }
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await wait(connectRetry.delayMs, undefined, { signal });
  } catch (error) {
    // Node rejects with an error of its own, which has the reason as its cause.
    signal.throwIfAborted();
    throw error;
  }
}

/** The SDK's core does not read the environment, so it is told which proxy leads to the server. */
function throughProxy(address: string): Pick<NativeConnectionOptions, 'proxy'> {
  const proxy = proxyFor(new URL(`https://${address}`));
  if (proxy === undefined) return {};
  const { hostname, port, username, password } = proxy;
  return {
    proxy: {
      type: 'http-connect',
      targetHost: `${hostname}:${port === '' ? '80' : port}`,
      ...(username === ''
        ? {}
        : { basicAuth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } }),
    },
  };
}
