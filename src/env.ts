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
  /** Variables with values that cannot be used. */
  readonly problems: readonly VariableProblem[];
  /**
   * The whole environment, for child processes and SDKs that read their own variables. It prints as `***`: many of its
   * values are secrets.
   */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A variable with a value that cannot be used. A default in its place would surprise whoever has set it. */
export interface VariableProblem {
  readonly variable: string;
  /** `LONGHAUL_LOG is "xml"; write it as pretty or json` */
  readonly message: string;
}

/** Reads {@link Environment} from the process. This is the one place that does. */
export function readEnvironment(): Environment {
  const variables = hidden({ ...process.env });
  const problems: VariableProblem[] = [];
  // A variable may be unset or empty. What cannot be read is a problem, and counts as unset.
  const read = <T>(variable: string, text: string | undefined, kind: ValueKind<T>): T | undefined => {
    const value = text === undefined || text === '' ? undefined : kind.parse(text);
    if (value === undefined && text)
      problems.push({ variable, message: `${variable} is ${JSON.stringify(text)}; write it as ${kind.form}` });
    return value;
  };
  return {
    taskQueue: variables['LONGHAUL_TASK_QUEUE'] || 'longhaul',
    heartbeatIntervalMs:
      read('LONGHAUL_HEARTBEAT_INTERVAL', variables['LONGHAUL_HEARTBEAT_INTERVAL'], duration) ?? 5_000,
    cancelPatienceMs: read('LONGHAUL_CANCEL_PATIENCE', variables['LONGHAUL_CANCEL_PATIENCE'], duration),
    log: read('LONGHAUL_LOG', variables['LONGHAUL_LOG'], logFormat) ?? (process.stderr.isTTY ? 'pretty' : 'json'),
    metricsAddress: variables['LONGHAUL_METRICS'] || undefined,
    healthAddress: variables['LONGHAUL_HEALTH'] || undefined,
    webUi: read('LONGHAUL_WEB_UI', variables['LONGHAUL_WEB_UI'], address),
    temporalProgram: variables['LONGHAUL_TEMPORAL_CLI'] || undefined,
    azuriteProgram: variables['LONGHAUL_AZURITE'] || undefined,
    weedProgram: variables['LONGHAUL_WEED'] || undefined,
    trustedHosts: listOf(variables['LONGHAUL_TRUSTED_HOSTS']),
    http: read('LONGHAUL_HTTP', variables['LONGHAUL_HTTP'], httpClient) ?? 'lean',
    payloadCodec: variables['LONGHAUL_PAYLOAD_CODEC'] || undefined,
    allowInsecureEndpoints:
      read('LONGHAUL_ALLOW_INSECURE_ENDPOINTS', variables['LONGHAUL_ALLOW_INSECURE_ENDPOINTS'], flag) ?? false,
    problems,
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
 * that concerns whoever runs the workers, and their log says it. The SDK reads the environment when its first client is
 * made; all other warnings remain.
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
 * Returns a credential by its name: `LONGHAUL_CREDENTIAL_<NAME>`, or the content of the file that
 * `LONGHAUL_CREDENTIAL_<NAME>_FILE` names, which is read at each call, so that a rotated secret is picked up. Returns
 * undefined if neither is set, an empty text if the variable or the file is empty. Rejects with Node's error if the
 * file cannot be read.
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

/** How a value is written. */
interface ValueKind<T> {
  /** Returns undefined for a text that is not such a value. */
  parse(text: string): T | undefined;
  readonly form: string;
}

const logFormat: ValueKind<'pretty' | 'json'> = {
  parse: (text) => (text === 'pretty' || text === 'json' ? text : undefined),
  form: 'pretty or json',
};

const httpClient: ValueKind<'lean' | 'sdk'> = {
  parse: (text) => (text === 'lean' || text === 'sdk' ? text : undefined),
  form: 'lean or sdk',
};

const flag: ValueKind<boolean> = {
  parse: (text) => ({ '1': true, '0': false })[text],
  form: '1 or 0',
};

const address: ValueKind<string> = {
  parse: (text) => (/^https?:/.test(text) && URL.canParse(text) ? text.replace(/\/+$/, '') : undefined),
  form: 'https://temporal.example',
};

/** Milliseconds; a number alone counts seconds. */
const duration: ValueKind<number> = {
  parse: (text) => {
    const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
    const ms = Number(number) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
    return ms > 0 ? ms : undefined;
  },
  form: 'a time that is not zero, such as 500ms, 5s or 1m',
};
