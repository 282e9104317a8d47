import { readFile } from 'node:fs/promises';

/** Longhaul's own environment variables, read once; every other part gets values as arguments. */
export interface Environment {
  readonly taskQueue: string;
  /** Longest time between two delivered heartbeats, in milliseconds. */
  readonly heartbeatIntervalMs: number;
  readonly log: 'pretty' | 'json';
  readonly metricsAddress: string | undefined;
  readonly webUi: string | undefined;
  readonly temporalProgram: string | undefined;
  readonly azuriteProgram: string | undefined;
  readonly weedProgram: string | undefined;
  readonly allowInsecureEndpoints: boolean;
  /** The whole environment, for child processes and SDKs that read their own variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Reads {@link Environment} from the process. This is the one place that does. */
export function readEnvironment(): Environment {
  const variables = process.env;
  return {
    taskQueue: variables['LONGHAUL_TASK_QUEUE'] || 'longhaul',
    heartbeatIntervalMs: durationMs(variables['LONGHAUL_HEARTBEAT_INTERVAL'], 5_000),
    log: logFormat(variables['LONGHAUL_LOG']),
    metricsAddress: variables['LONGHAUL_METRICS'] || undefined,
    webUi: variables['LONGHAUL_WEB_UI']?.replace(/\/+$/, '') || undefined,
    temporalProgram: variables['LONGHAUL_TEMPORAL_CLI'] || undefined,
    azuriteProgram: variables['LONGHAUL_AZURITE'] || undefined,
    weedProgram: variables['LONGHAUL_WEED'] || undefined,
    allowInsecureEndpoints: variables['LONGHAUL_ALLOW_INSECURE_ENDPOINTS'] === '1',
    variables,
  };
}

/**
 * Keeps the AWS SDK from announcing on standard error which Node its later versions will need: Longhaul pins the SDK, so that this is
 * not its user's business. The SDK looks at the environment when its first client is made; every other warning is left alone.
 */
export function silenceSdkAnnouncement(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

/** Lets gRPC's client find the proxy too: it reads the names in lower case only. */
export function adoptProxyNames(): void {
  for (const name of ['https_proxy', 'no_proxy']) {
    const value = process.env[name.toUpperCase()];
    if (value !== undefined && value !== '') process.env[name] ??= value;
  }
}

/**
 * Resolves a credential by name: `LONGHAUL_CREDENTIAL_<NAME>`, or the file named by `LONGHAUL_CREDENTIAL_<NAME>_FILE`, read anew at each
 * call so that a rotated secret is picked up. Gives undefined where neither is set.
 */
export async function readCredential(environment: Environment, name: string): Promise<string | undefined> {
  const variable = `LONGHAUL_CREDENTIAL_${name.toUpperCase().replaceAll('-', '_')}`;
  const value = environment.variables[variable];
  if (value !== undefined && value !== '') return value.trim();
  const file = environment.variables[`${variable}_FILE`];
  return file === undefined || file === '' ? undefined : (await readFile(file, 'utf8')).trim();
}

function logFormat(value: string | undefined): 'pretty' | 'json' {
  if (value === 'pretty' || value === 'json') return value;
  return process.stderr.isTTY ? 'pretty' : 'json';
}

function durationMs(text: string | undefined, fallbackMs: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  if (match === null) return fallbackMs;
  const factors = { ms: 1, s: 1_000, m: 60_000 } as const;
  return Number(match[1]) * factors[(match[2] ?? 's') as keyof typeof factors];
}
