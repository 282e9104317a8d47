/** Every environment variable that the help of a verb may name; `workerTable` has those of the worker. */
export const variableTable = {
  TEMPORAL_ADDRESS:
    'host:port of Temporal (default: 127.0.0.1:7233); also TEMPORAL_NAMESPACE, _API_KEY, _TLS_*, _PROFILE, ' +
    '_CONFIG_FILE',
  LONGHAUL_TASK_QUEUE: 'task queue of the workers (default: longhaul)',
  LONGHAUL_WEB_UI: "address of Temporal's Web UI, for links",
  LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1 allows endpoints on this machine and plain http',
  LONGHAUL_TRUSTED_HOSTS: "hosts besides Azure's own that may get tokens, separated by commas",
  LONGHAUL_PAYLOAD_CODEC: 'path of the module that encrypts what Temporal stores; the same as for the workers',
  LONGHAUL_CANCEL_PATIENCE:
    'how long a later `cancel` tries to abort uploads in a store that does not answer (default: 10m)',
  LONGHAUL_TEMPORAL_CLI: "path of Temporal's program for the local stack, instead of a found or fetched one",
  LONGHAUL_AZURITE: "path of Azurite's program for the local stack, instead of a fetched one",
  LONGHAUL_WEED: "path of SeaweedFS's program for the local stack, instead of a found or fetched one",
  'LONGHAUL_CREDENTIAL_<NAME>':
    'credential of a source account, by its name in the migration file; with _FILE appended, the path of a file that ' +
    'contains it',
  AWS_PROFILE: "AWS profile; the target's credentials come from the usual places of the AWS SDK",
} as const;

/** The name of a variable in {@link variableTable}. */
export type VariableName = keyof typeof variableTable;

/** Variables that every verb heeds; no help of a verb names them. */
export const generalVariables: Readonly<Record<string, string>> = {
  LONGHAUL_HTTP: 'sdk makes all requests to stores with the SDKs of the clouds (default: lean, a client of its own)',
  HTTPS_PROXY: 'proxy for Temporal, Azure and S3',
  NO_PROXY: 'hosts that are reached without the proxy, separated by commas',
  NODE_EXTRA_CA_CERTS: 'path of certificates to trust besides those of Node',
  NO_COLOR: 'any value but the empty one turns colours off',
  TERM: 'dumb turns off colours and redrawing',
};
