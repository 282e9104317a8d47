/** Every environment variable that a verb's help may name. `longhaul-worker` has more. */
export const variableTable = {
  TEMPORAL_ADDRESS:
    'host:port of Temporal (default 127.0.0.1:7233); also TEMPORAL_NAMESPACE, _API_KEY, _TLS_*, _PROFILE',
  LONGHAUL_TASK_QUEUE: 'task queue of the workers (default longhaul)',
  LONGHAUL_WEB_UI: "address of Temporal's Web UI, for links",
  LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1 allows endpoints on this machine and plain http',
  LONGHAUL_TEMPORAL_CLI: "Temporal's program for the local stack, instead of one that is found or fetched",
  LONGHAUL_WEED: "SeaweedFS's program for the local stack, instead of one that is found or fetched",
  'LONGHAUL_CREDENTIAL_<NAME>':
    'credential of a source account, by its name in the migration file; with _FILE behind it, the path of a file that holds it',
  AWS_PROFILE: "credentials of the target come from the AWS SDK's usual places",
} as const;

/** Name of a variable of {@link variableTable}. */
export type VariableName = keyof typeof variableTable;
