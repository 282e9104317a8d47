import { readFileSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CommanderError } from 'commander';
import { createRedact } from '../activities/redact-secrets.js';
import type { Environment } from '../env.js';
import { createLog } from './create-log.js';
import { knownSecrets } from './known-secrets.js';
import { runChild } from './run-child.js';
import { runParent } from './run-parent.js';
import { parseWorkerCall, type WorkerCall } from './worker-command.js';

/** What the program is given. `program` is its own path, for the processes that it starts. */
export interface WorkerProgram {
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly credentials: (name: string) => Promise<string | undefined>;
  readonly program: string;
}

/** Runs `longhaul-worker`, as a parent or as one of its processes, and gives the exit status. */
export async function runWorkerProgram({ args, environment, credentials, program }: WorkerProgram): Promise<number> {
  const version = readVersion();
  const call = parseCall(args, environment.taskQueue, version);
  if (typeof call === 'number') return call;
  const redact = createRedact(knownSecrets(environment.variables));
  const fields = { process: call.child ?? 'parent' };
  const log = createLog({ format: environment.log, redact, fields });
  if (call.child === undefined) {
    const problem = connectionProblem();
    if (problem === undefined) return runParent(call, program, log);
    log.fatal(`the connection to Temporal is configured wrongly: ${problem}. Correct TEMPORAL_* or temporal.toml.`);
    return usageStatus;
  }
  const { allowInsecureEndpoints, heartbeatIntervalMs, metricsAddress } = environment;
  return runChild({
    ...{ allowInsecureEndpoints, credentials, heartbeatIntervalMs, log, metricsAddress, redact, version },
    number: call.child,
    taskQueue: call.taskQueue,
    workflowBundle: new URL('../workflow-bundle.js', import.meta.url).pathname,
  });
}

const usageStatus = 2;

/** Found before any process is started: no restart would cure it. */
function connectionProblem(): string | undefined {
  try {
    loadClientConnectConfig();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parseCall(args: readonly string[], taskQueue: string, version: string): WorkerCall | number {
  try {
    return parseWorkerCall(args, { taskQueue, version });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus;
    throw error;
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
