import { loopback } from './state/stack-layout.js';
import type { StackDescription } from './state/stack-description.js';

/** The task queue that workers and the command line use by default. */
const defaultTaskQueue = 'longhaul';

/**
 * Returns the variables with which a shell, a worker or a test uses the stack. A list in `baseEnv` (`NO_PROXY`) is
 * extended; variables that would keep S3's client from the stack's own credentials are set to an empty text.
 */
export function stackEnvironment(
  stack: StackDescription,
  baseEnv: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const noProxy = withLoopback(baseEnv['NO_PROXY'] ?? baseEnv['no_proxy']);
  return {
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    LONGHAUL_WEB_UI: stack.temporal.webUi,
    ...(stack.taskQueue === defaultTaskQueue ? {} : { LONGHAUL_TASK_QUEUE: stack.taskQueue }),
    ...storesEnvironment(stack, baseEnv),
    // Both spellings, because some clients read only one of them.
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

function storesEnvironment(
  { stores }: StackDescription,
  baseEnv: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  if (stores === null) return {};
  const emptied = ['AWS_PROFILE', 'AWS_SESSION_TOKEN'].filter((name) => baseEnv[name]);
  return {
    LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1',
    AWS_ACCESS_KEY_ID: stores.s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stores.s3.secretAccessKey,
    AWS_REGION: stores.s3.region,
    ...Object.fromEntries(emptied.map((name) => [name, ''])),
    ...Object.fromEntries(
      stores.azure.map(({ name, connectionString }) => [
        `LONGHAUL_CREDENTIAL_${name.toUpperCase().replaceAll('-', '_')}`,
        connectionString,
      ]),
    ),
  };
}

function withLoopback(list: string | undefined): string {
  const hosts = (list ?? '').split(',').map((host) => host.trim());
  return [...new Set([...hosts, loopback, 'localhost'])].filter((host) => host !== '').join(',');
}
