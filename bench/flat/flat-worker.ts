import { loadClientConnectConfig } from '@temporalio/envconfig';
import { createRedact } from '../../src/domain/text/redact-secrets.js';
import { readCredential, readEnvironment } from '../../src/env.js';
import { createLog } from '../../src/worker/create-log.js';
import { runProcess } from '../../src/worker/run-process.js';
import { installRuntime } from '../../src/worker/install-runtime.js';
import { putObjects } from './virtual-bucket.js';

/** Runs as `longhaul-worker` does, one process without a parent. After SIGTERM it says how many objects it has put. */
export async function runFlatWorker(): Promise<void> {
  const environment = readEnvironment();
  const redact = createRedact([]);
  const log = createLog({ format: 'json', redact, fields: {} });
  const drain = new AbortController();
  process.on('SIGTERM', () => drain.abort(new Error('told to drain')));
  loadClientConnectConfig();
  installRuntime({ log, metricsAddress: undefined, processNumber: 1 });
  const { allowInsecureEndpoints, heartbeatIntervalMs, taskQueue, trustedHosts } = environment;
  await runProcess({
    ...{ allowInsecureEndpoints, heartbeatIntervalMs, taskQueue, trustedHosts, redact, log },
    ...{
      credentials: (name: string) => readCredential(environment, name),
      codec: {},
      meter: undefined,
      tracesRatio: undefined,
      noteState: undefined,
    },
    ...{
      processes: 2,
      token: undefined,
      sawDie: () => false,
      drain: drain.signal,
      version: process.env['FLAT_VERSION'] ?? '0.0.0-bench',
    },
    workflowBundle: new URL('../../dist/workflow-bundle.js', import.meta.url).pathname,
  });
  process.stdout.write(`${JSON.stringify({ moved: putObjects() })}\n`);
}
