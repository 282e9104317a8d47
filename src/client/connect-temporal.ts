import { CommandError } from '../commands/ending/command-error.js';
import { exitStatus } from '../commands/ending/exit-status.js';
import type { TemporalPort } from '../commands/ports/temporal-port.js';
import type { Environment } from '../env.js';
import { loadDataConverter } from '../payload-codec.js';
import { proxyFor } from '../stores/endpoint/proxy-for.js';
import { findTemporalFault, refusedKey, type TemporalEndpoint, type TemporalFault } from '../temporal-fault.js';
import { Client, Connection, isGrpcServiceError, loadClientConnectConfig } from './sdk/temporal.js';
import { temporalClientPort } from './temporal-client-port.js';

// Long enough for a handshake around the world, short enough to wait for at a prompt.
const connectTimeoutMs = 5_000;
// The caller tries again while the server starts.
const localConnectTimeoutMs = 2_000;

/**
 * Connects to Temporal as the SDK's environment configuration says: `TEMPORAL_*`, then a profile of `temporal.toml`,
 * then 127.0.0.1:7233. Rejects with a `CommandError` of status 6 if nothing answers, of status 2 if the configuration
 * cannot be read.
 */
export async function connectTemporal(environment: Environment): Promise<TemporalPort> {
  const config = readConfig(environment);
  // Not `localhost`, which may mean ::1 first, where a server bound to 127.0.0.1 does not listen.
  const address = config.connectionOptions.address ?? '127.0.0.1:7233';
  const namespace = config.namespace ?? 'default';
  const codec = await loadCodec(environment);
  try {
    const connection = await Connection.connect({
      ...config.connectionOptions,
      address,
      connectTimeout: connectTimeoutMs,
      // Left alone, gRPC would also use `http_proxy`, and a proxy even for this machine.
      channelArgs: { 'grpc.enable_http_proxy': proxyFor(new URL(`https://${address}`)) === undefined ? 0 : 1 },
    });
    return temporalClientPort({
      ...{ address, namespace, connection },
      client: new Client({ connection, namespace, ...codec }),
      taskQueue: environment.taskQueue,
    });
  } catch (error) {
    const { reason, next } = (await faultOf(error, address, config.connectionOptions.tls)) ?? noServer(error);
    const message = `Connecting to Temporal at ${address} failed: ${reason}`;
    throw new CommandError(exitStatus.unreachable, message, { next, cause: error });
  }
}

/** Connects to a server on this machine, whatever the environment says. Rejects with the SDK's error. */
export async function connectLocalTemporal(server: {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
}): Promise<TemporalPort> {
  const connection = await Connection.connect({
    address: server.address,
    connectTimeout: localConnectTimeoutMs,
    channelArgs: { 'grpc.enable_http_proxy': 0 },
  });
  return temporalClientPort({
    ...server,
    connection,
    client: new Client({ connection, namespace: server.namespace }),
  });
}

async function faultOf(
  error: unknown,
  address: string,
  tls: TemporalEndpoint['tls'],
): Promise<TemporalFault | undefined> {
  const cause = error instanceof Error ? error.cause : undefined;
  if (isGrpcServiceError(cause) && refusals.includes(cause.code)) return refusedKey;
  // Where a proxy is set, the server may not be reachable without it.
  return proxyFor(new URL(`https://${address}`)) === undefined ? findTemporalFault({ address, tls }) : undefined;
}

// Statuses of gRPC: PERMISSION_DENIED and UNAUTHENTICATED.
const refusals: readonly number[] = [7, 16];

function noServer(error: unknown): TemporalFault {
  return {
    reason:
      `nothing answered there within ${String(connectTimeoutMs / 1_000)} s ` +
      `(${error instanceof Error ? error.message : String(error)})`,
    next:
      'start one with `longhaul dev up` and paste the line that it prints, or set TEMPORAL_ADDRESS to that of ' +
      'yours',
  };
}

async function loadCodec({ payloadCodec }: Environment): ReturnType<typeof loadDataConverter> {
  try {
    return await loadDataConverter(payloadCodec);
  } catch (error) {
    throw new CommandError(exitStatus.usage, error instanceof Error ? error.message : String(error), {
      next: 'correct the variable or the module; it must be the one that the workers use',
      cause: error,
    });
  }
}

function readConfig(environment: Environment): ReturnType<typeof loadClientConnectConfig> {
  const variables = Object.entries(environment.variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(variables) });
  } catch (error) {
    throw new CommandError(
      exitStatus.usage,
      'Reading the connection to Temporal from TEMPORAL_* and temporal.toml failed: ' +
        (error instanceof Error ? error.message : String(error)),
      { next: 'correct that variable or file', cause: error },
    );
  }
}
