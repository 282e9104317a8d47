import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/create-activities.js';
import type { Redact } from '../activities/redact-secrets.js';
import { controlTaskQueue } from '../domain/ids.js';
import { moveSlice } from '../pipeline/slice/move-slice.js';
import { StoreThrottles } from '../flow/store-throttles.js';
import { createProcessResources } from '../flow/process-resources.js';
import { autoUnitsInFlight } from './auto-units-in-flight.js';
import { connectPatiently } from './connect.js';
import { countProcesses } from './count-processes.js';
import { migrationRuns } from './migration-runs.js';
import { readDirectives } from './read-directives.js';
import { createSliceDirectives } from './slice-directives.js';
import { openProbed } from './open-probed.js';
import { openExplored } from './open-explored.js';
import { createOpenMigration, type StoreOptions } from './open-migrations.js';
import { commonWorkerOptions, controlWorkerOptions, mainWorkerOptions } from './worker-options.js';

/** What one process of a worker is given. */
export interface ProcessOptions extends StoreOptions {
  readonly taskQueue: string;
  readonly heartbeatIntervalMs: number;
  /** Path of the workflow bundle that the build has made. */
  readonly workflowBundle: string;
  readonly version: string;
  readonly redact: Redact;
  readonly log: Logger;
  /** How many processes its parent keeps running, itself included. */
  readonly processes: number;
  /** The name of this process, and of no other. */
  readonly token: string | undefined;
  /** Has the parent seen the process of this name die? */
  readonly sawDie: (token: string) => boolean;
  /** How payloads are encoded, if not as Temporal does by itself. */
  readonly codec: { readonly dataConverter?: DataConverter };
  /** Aborted to drain: slices checkpoint and hand back, then it resolves. */
  readonly drain: AbortSignal;
}

/** Serves workflows, slices and control activities until it is told to drain. Puts all parts of a worker together. */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const { log, drain, taskQueue } = options;
  const { connection, namespace } = await connectPatiently(log, drain);
  try {
    const workers = await createWorkers(options, connection, namespace);
    log.info(`ready: serves task queue ${taskQueue} of namespace ${namespace}`);
    // When one of them fails, the other must not continue as half a worker.
    const ended = new AbortController();
    const stopped = whenAborted(AbortSignal.any([drain, ended.signal]));
    await Promise.all(workers.map((worker) => worker.runUntil(stopped).finally(() => ended.abort())));
  } finally {
    await connection.close();
  }
}

async function createWorkers(
  options: ProcessOptions,
  connection: NativeConnection,
  namespace: string,
): Promise<readonly Worker[]> {
  const { taskQueue, version, redact, workflowBundle, codec } = options;
  const client = new Client({ connection, namespace, ...codec });
  const { token, sawDie } = options;
  const unitsInFlight = autoUnitsInFlight(options.processes);
  const resources = createProcessResources({ unitsInFlight, ...(token !== undefined && { token, sawDie }) });
  const runs = migrationRuns(client);
  // Containers may share a host's name and count their processes from 1.
  const identity = `${hostname()}/${String(process.pid)} longhaul ${version} ${resources.identity.token.slice(0, 8)}`;
  const activities = createActivities({
    openMigration: createOpenMigration(options, new StoreThrottles()),
    ...openProbed(options),
    openExplored: (account) => openExplored(account, options),
    moveSlice,
    process: resources,
    runs,
    directives: createSliceDirectives({
      read: (name) => readDirectives(client, name),
      countProcesses: () => countProcesses(client.workflowService, { namespace, taskQueue, identity }),
      process: resources,
      onProblem: (name, error) =>
        options.log.warn({ error }, `the directives of ${name} could not be read; those last read remain in force`),
    }),
    cluster: { cluster: await clusterId(connection), namespace },
    buildInfo: `longhaul ${version}`,
    redact,
  });
  const common = {
    ...commonWorkerOptions(options.heartbeatIntervalMs),
    ...{ connection, namespace, ...codec },
    identity,
  };
  return Promise.all([
    Worker.create({
      ...common,
      ...mainWorkerOptions,
      taskQueue,
      workflowBundle: { codePath: workflowBundle },
      activities: activities.slices,
    }),
    Worker.create({
      ...common,
      ...controlWorkerOptions,
      taskQueue: controlTaskQueue(taskQueue),
      activities: activities.control,
    }),
  ]);
}

/**
 * Returns the cluster's own id, so that an operator can tell who owns a migration, or `unknown` if the server does not
 * reveal it.
 */
async function clusterId(connection: NativeConnection): Promise<string> {
  try {
    const { clusterId: id } = await connection.workflowService.getClusterInfo({});
    return id === '' ? 'unknown' : id;
  } catch {
    // Temporal Cloud keeps it to itself. It is only shown, never compared.
    return 'unknown';
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
