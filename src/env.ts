import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { Secret } from './domain/text/secret.js';

/** Longhaul's own environment variables, read once; every other part gets values as arguments. */
export interface Environment {
  readonly taskQueue: string;
  /** Longest time between two delivered heartbeats, in milliseconds. */
  readonly heartbeatIntervalMs: number;
  /** How long a cancel tries to abort uploads in a store that does not answer, in milliseconds. */
  readonly cancelPatienceMs: number | undefined;
  readonly log: 'pretty' | 'json';
  readonly metricsAddress: string | undefined;
  readonly healthAddress: string | undefined;
  readonly webUi: string | undefined;
  readonly temporalProgram: string | undefined;
  readonly azuriteProgram: string | undefined;
  readonly weedProgram: string | undefined;
  readonly allowInsecureEndpoints: boolean;
  /** Hosts besides Azure's own that may be sent a token: names, or `*.example.com` for all below a domain. */
  readonly trustedHosts: readonly string[];
  /** Which HTTP client reads and writes objects: Longhaul's own, or those of the SDKs. */
  readonly http: 'lean' | 'sdk';
  /** Path of the module with the codec for what Temporal stores. */
  readonly payloadCodec: string | undefined;
  /**
   * The whole environment, for child processes and SDKs that read their own variables. It prints as `***`: many of its
   * values are secrets.
   */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Reads {@link Environment} from the process. This is the one place that does. */
export function readEnvironment(): Environment {
  const variables = hidden({ ...process.env });
  return {
    taskQueue: variables['LONGHAUL_TASK_QUEUE'] || 'longhaul',
    heartbeatIntervalMs: durationMs(variables['LONGHAUL_HEARTBEAT_INTERVAL']) ?? 5_000,
    cancelPatienceMs: durationMs(variables['LONGHAUL_CANCEL_PATIENCE']),
    log: logFormat(variables['LONGHAUL_LOG']),
    metricsAddress: variables['LONGHAUL_METRICS'] || undefined,
    healthAddress: variables['LONGHAUL_HEALTH'] || undefined,
    webUi: variables['LONGHAUL_WEB_UI']?.replace(/\/+$/, '') || undefined,
    temporalProgram: variables['LONGHAUL_TEMPORAL_CLI'] || undefined,
    azuriteProgram: variables['LONGHAUL_AZURITE'] || undefined,
    weedProgram: variables['LONGHAUL_WEED'] || undefined,
    trustedHosts: listOf(variables['LONGHAUL_TRUSTED_HOSTS']),
    http: variables['LONGHAUL_HTTP'] === 'sdk' ? 'sdk' : 'lean',
    payloadCodec: variables['LONGHAUL_PAYLOAD_CODEC'] || undefined,
    allowInsecureEndpoints: variables['LONGHAUL_ALLOW_INSECURE_ENDPOINTS'] === '1',
    variables,
  };
}

/** Keeps the values of variables out of whatever prints them; they can be read and copied as before. */
function hidden(variables: Environment['variables']): Environment['variables'] {
  const print = { value: (): string => '***' };
  return Object.defineProperties(variables, { [inspect.custom]: print, toJSON: print });
}

/**
 * Keeps the AWS SDK from announcing on the standard error of the command line which Node its later versions will need:
 * that is the business of whoever runs the workers, whose log has it. The SDK reads the environment when its first
 * client is made; all other warnings remain.
 */
export function silenceSdkAnnouncement(): void {
  process.env[sdkAnnouncementDisabled] ??= 'true';
}

/** The variable that keeps the AWS SDK from announcing which Node its later versions will need. */
export const sdkAnnouncementDisabled = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Lets gRPC's client find the proxy too: it reads only the names in lower case. */
export function adoptProxyNames(): void {
  for (const name of ['https_proxy', 'no_proxy']) {
    const value = process.env[name.toUpperCase()];
    if (value !== undefined && value !== '') process.env[name] ??= value;
  }
}

/**
 * Resolves a credential by its name: `LONGHAUL_CREDENTIAL_<NAME>`, or the content of the file that
 * `LONGHAUL_CREDENTIAL_<NAME>_FILE` names, which is read at each call, so that a rotated secret is picked up. Returns
 * undefined if neither is set, an empty text if one is set to nothing or the file is empty. Rejects with Node's error
 * if the file cannot be read.
 */
export async function readCredential(
  environment: Pick<Environment, 'variables'>,
  name: string,
): Promise<Secret | undefined> {
  const variable = `LONGHAUL_CREDENTIAL_${name.toUpperCase().replaceAll('-', '_')}`;
  const value = environment.variables[variable];
  const file = environment.variables[`${variable}_FILE`];
  if (value !== undefined && (value !== '' || !file)) return new Secret(value.trim());
  if (file === undefined) return undefined;
  if (file === '') return new Secret('');
  return new Secret((await readFile(file, 'utf8')).trim());
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function logFormat(value: string | undefined): 'pretty' | 'json' {
  if (value === 'pretty' || value === 'json') return value;
  return process.stderr.isTTY ? 'pretty' : 'json';
}

function durationMs(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  if (match === null) return undefined;
  const factors = { ms: 1, s: 1_000, m: 60_000 } as const;
  return Number(match[1]) * factors[(match[2] ?? 's') as keyof typeof factors];
}
