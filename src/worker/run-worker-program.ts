import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { createRedact } from '../domain/text/redact-secrets.js';
import type { Secret } from '../domain/text/secret.js';
import type { Environment } from '../env.js';
import { sampleRatio } from '../telemetry/traces/sample-ratio.js';
import { credentialFiles } from './credentials/credential-files.js';
import { createLog } from './create-log.js';
import { KnownSecrets } from '../known-secrets.js';
import { tellAlive, tellLastWords, tellState } from './supervision/process-messages.js';
import { reportStrayErrors } from './report-stray-errors.js';
import { runParent } from './supervision/run-parent.js';
import { misconfiguredStatus, supervisionBounds } from './supervision/supervise.js';
import { workerTable } from './worker-table.js';
import { parseWorkerCall, type WorkerCall } from './worker-command.js';

/** What the program is given. `program` is its own path, for the processes that it starts. */
export interface WorkerProgram {
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly credentials: (name: string) => Promise<Secret | undefined>;
  readonly program: string;
  /** The variable that keeps the AWS SDK from announcing which Node its later versions will need. */
  readonly sdkAnnouncementDisabled: string;
}

/** Runs `longhaul-worker`, as a parent or as one of its processes, and returns the exit status. */
export async function runWorkerProgram(given: WorkerProgram): Promise<number> {
  const { args, environment, program, sdkAnnouncementDisabled } = given;
  const version = readVersion();
  const call = parseCall(args, environment.taskQueue, version);
  if (typeof call === 'number') return call;
  const secrets = new KnownSecrets(environment.variables);
  const redact = createRedact(secrets);
  const fields = { process: call.child ?? 'parent' };
  const log = createLog({ format: environment.log, redact, fields });
  const end = (message: string): void => void tellLastWords({ error: redact(message) }).then(() => process.exit(1));
  reportStrayErrors({ process, log, end });
  const problems = environment.problems.filter(({ variable }) => Object.hasOwn(workerTable.variables, variable));
  for (const { message } of problems) log.error(`${message}, or unset it`);
  if (problems.length > 0) return misconfiguredStatus;
  if (call.child === undefined) {
    const { healthAddress, variables } = environment;
    return runParent({ call, program, variables, sdkAnnouncementDisabled, healthAddress, log });
  }
  setInterval(tellAlive, supervisionBounds.beatIntervalMs).unref();
  // Only the processes need the SDKs, and the parent of many of them should stay small.
  const { runChild } = await import('./run-child.js');
  const credentials = async (name: string): Promise<Secret | undefined> => {
    const secret = await given.credentials(name);
    if (secret !== undefined) secrets.note(secret);
    return secret;
  };
  const { allowInsecureEndpoints, heartbeatIntervalMs, metricsAddress, payloadCodec } = environment;
  const { http, trustedHosts } = environment;
  return runChild({
    ...{ allowInsecureEndpoints, credentials, heartbeatIntervalMs, log, metricsAddress, redact, version },
    ...{ http, payloadCodec, trustedHosts },
    credentialFiles: credentialFiles(environment.variables),
    noteSecret: (secret) => secrets.note(secret),
    tracesRatio: sampleRatio(environment.variables),
    noteState: environment.healthAddress === undefined ? undefined : tellState,
    number: call.child,
    token: call.token,
    processes: call.processes,
    taskQueue: call.taskQueue,
    workflowBundle: new URL('../workflow-bundle.js', import.meta.url).pathname,
  });
}

function parseCall(args: readonly string[], taskQueue: string, version: string): WorkerCall | number {
  try {
    return parseWorkerCall(args, { taskQueue, version });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : misconfiguredStatus;
    throw error;
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
