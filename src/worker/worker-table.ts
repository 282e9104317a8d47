/** What the help, the man page and the documentation say about `longhaul-worker`. */
export interface WorkerTable {
  readonly summary: string;
  readonly options: Readonly<Record<'processes' | 'taskQueue', WorkerOption>>;
  /** Every environment variable that the program heeds, besides those of the SDKs in {@link sdkVariables}. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that Temporal's and the clouds' SDKs read by themselves. */
  readonly sdkVariables: Readonly<Record<string, string>>;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  readonly signals: string;
  readonly statuses: Readonly<Record<number, string>>;
}

interface WorkerOption {
  readonly flags: string;
  readonly description: string;
  /** The value without the flag, in words. */
  readonly fallback: string;
}

/** The one description of `longhaul-worker`. */
export const workerTable = {
  summary: 'Moves the units of migrations: a parent that keeps one process per core running.',
  options: {
    processes: { flags: '--processes <number>', description: 'how many processes', fallback: 'auto: one per core' },
    taskQueue: {
      flags: '--task-queue <name>',
      description: 'the task queue to serve',
      fallback: 'LONGHAUL_TASK_QUEUE, or longhaul',
    },
  },
  variables: {
    'LONGHAUL_CREDENTIAL_<NAME>': 'credential of a source account, by its name in the migration file',
    'LONGHAUL_CREDENTIAL_<NAME>_FILE':
      'path of a file that contains it, which is read again when the credential is refused: a new one needs no restart',
    LONGHAUL_TASK_QUEUE: 'the task queue to serve, unless --task-queue is given (default: longhaul)',
    LONGHAUL_HEARTBEAT_INTERVAL: 'how often a slice reports, such as 5s (default: 5s)',
    LONGHAUL_LOG: 'pretty or json (default: pretty on a terminal, else json)',
    LONGHAUL_METRICS:
      'host:port for Prometheus, such as 0.0.0.0:9464: the first process listens there, each further one a port ' +
      'higher (default: no metrics)',
    LONGHAUL_HEALTH:
      'host:port for health checks, such as 127.0.0.1:9460: /healthz and /readyz of all processes (default: none)',
    LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1 allows endpoints on this machine and plain http',
    LONGHAUL_TRUSTED_HOSTS: "hosts besides Azure's own that may get tokens, separated by commas",
    LONGHAUL_HTTP: 'sdk makes all requests to stores with the SDKs of the clouds (default: lean, a client of its own)',
    LONGHAUL_PAYLOAD_CODEC: 'path of the module that encrypts what Temporal stores; the same as for the command line',
  },
  sdkVariables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'where OpenTelemetry spans of units go, by OTLP over HTTP (default: no spans)',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'the same for spans alone, as a whole address',
    'OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER': 'true, or none, for no spans',
    OTEL_TRACES_SAMPLER: 'always_on or always_off; with any other value, the share decides',
    OTEL_TRACES_SAMPLER_ARG: 'share of the units that have a span, from 0 to 1 (default: 0.01)',
    TEMPORAL_ADDRESS: 'host:port of Temporal (default: 127.0.0.1:7233)',
    TEMPORAL_NAMESPACE: 'namespace of Temporal (default: default)',
    TEMPORAL_API_KEY: 'API key for Temporal',
    'TEMPORAL_TLS_*': 'certificates for Temporal, as its SDKs read them',
    'TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE': 'a temporal.toml with the same, and the profile of it to use',
    'AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, …':
      'credentials of the target: everything that the AWS SDK understands, profiles and roles included',
    'AZURE_CLIENT_ID, AZURE_TENANT_ID, …':
      'for accounts that use the identity chain: everything that DefaultAzureCredential understands',
    HTTPS_PROXY: 'proxy for Temporal, Azure and S3',
    NO_PROXY: 'hosts that are reached without the proxy',
    NODE_EXTRA_CA_CERTS: 'path of certificates to trust besides those of Node',
  },
  examples: [
    { line: '', does: 'one process per core, for the server at TEMPORAL_ADDRESS' },
    { line: '--processes 2', does: 'two processes' },
    { line: '--task-queue nightly', does: 'serves migrations that were started on this queue' },
  ],
  signals:
    'SIGTERM or Ctrl-C drains: slices checkpoint and hand back, and other workers continue them. A second one ends ' +
    'at once.',
  statuses: {
    0: 'drained',
    1: 'unexpected error, or a process had to be killed',
    2: 'wrong arguments or a wrong configuration, which a restart would not cure',
  },
} as const satisfies WorkerTable;
