import { setTimeout as wait } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { proxyFor } from '../stores/endpoint/proxy-for.js';
import { findTemporalFault, refusedKey, type TemporalEndpoint, type TemporalFault } from '../temporal-fault.js';
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
        log.warn(await describeWait(error, address, connectionOptions.tls));
      }
      await pause(signal);
    }
  }
}

async function describeWait(error: unknown, address: string, tls: TemporalEndpoint['tls']): Promise<string> {
  const fault = await faultOf(error, address, tls);
  if (fault !== undefined) {
    return `no connection to Temporal at ${address}: ${fault.reason}; trying again. To cure it, ${fault.next}.`;
  }
  const reason = messageOf(error);
  return `Temporal at ${address} does not answer (${reason}); waiting for it. TEMPORAL_ADDRESS names another.`;
}

async function faultOf(
  error: unknown,
  address: string,
  tls: TemporalEndpoint['tls'],
): Promise<TemporalFault | undefined> {
  if (refusals.test(messageOf(error))) return refusedKey;
  // Where a proxy is set, the server may not be reachable without it.
  return proxyFor(new URL(`https://${address}`)) === undefined ? await findTemporalFault({ address, tls }) : undefined;
}

// What the SDK's core calls the statuses UNAUTHENTICATED and PERMISSION_DENIED of gRPC; its error has no code.
const refusals = /does not have (?:valid authentication credentials|permission to execute)/;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
  const { address: at, user } = proxy;
  return {
    proxy: {
      type: 'http-connect',
      targetHost: `${at.hostname}:${at.port === '' ? '80' : at.port}`,
      ...(user !== undefined && { basicAuth: { username: user.name, password: user.password.reveal() } }),
    },
  };
}
