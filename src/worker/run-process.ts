import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/create-activities.js';
import type { Redact } from '../domain/text/redact-secrets.js';
import { controlTaskQueue } from '../domain/ids.js';
import { moveSlice } from '../pipeline/slice/move-slice.js';
import { StoreThrottles } from '../flow/store-throttles.js';
import { createProcessResources } from '../flow/process-resources.js';
import { logSlices } from '../telemetry/log-slices.js';
import { measureProcess } from '../telemetry/metrics/measure-process.js';
import type { Meter } from '../telemetry/metrics/meter.js';
import type { Traces } from '../telemetry/traces/open-traces.js';
import { watchedMoveSlice } from '../telemetry/watched-move-slice.js';
import { connectPatiently, type TemporalConnection } from './connect.js';
import { markOfFiles } from './credentials/credential-files.js';
import { countProcesses } from './count-processes.js';
import type { ProcessState } from './health/process-state.js';
import { watchTemporal } from './health/watch-temporal.js';
import { migrationRuns } from './migration-runs.js';
import { readDirectives } from './read-directives.js';
import { createTellRenewed } from './credentials/tell-renewed.js';
import { createSliceDirectives } from './slice-directives.js';
import { openProbed } from './open-probed.js';
import { openExplored } from './open-explored.js';
import { createOpenMigration, type StoreOptions } from './open-migrations.js';
import { autoUnitsInFlight } from './width/auto-units-in-flight.js';
import { keepWidth } from './width/keep-width.js';
import { commonWorkerOptions, controlWorkerOptions, mainWorkerOptions } from './worker-options.js';

/** What one process of a worker is given. */
export interface ProcessOptions extends StoreOptions {
  readonly taskQueue: string;
  readonly heartbeatIntervalMs: number;
  /** Path of the workflow bundle that the build has made. */
  readonly workflowBundle: string;
  readonly version: string;
  /** Where stores' credentials may come from. */
  readonly credentialFiles: readonly string[];
  readonly redact: Redact;
  readonly log: Logger;
  /** How many processes its parent keeps running, itself included. */
  readonly processes: number;
  /** The name of this process, and of no other. */
  readonly token: string | undefined;
  /** Reports whether the parent has seen the process of this name die. */
  readonly sawDie: (token: string) => boolean;
  /** How payloads are encoded, if not as Temporal does by itself. */
  readonly codec: { readonly dataConverter?: DataConverter };
  /** Takes the metrics of the process, if they are served. */
  readonly meter: Meter | undefined;
  /** Share of the units that have a span; undefined if nobody collects spans. */
  readonly tracesRatio: number | undefined;
  /** Called when it changes whether Temporal answers. */
  readonly noteState: ((state: ProcessState) => void) | undefined;
  /** Aborted to drain: slices checkpoint and hand back, then it resolves. */
  readonly drain: AbortSignal;
}

/** Serves workflows, slices and control activities until it is told to drain. Assembles all parts of a worker. */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const { log, drain, taskQueue, noteState } = options;
  const { connection, namespace } = await connectPatiently(log, drain);
  const traces = await openTraces(options);
  try {
    const workers = await createWorkers(options, { connection, namespace }, traces);
    log.info(`ready: serves task queue ${taskQueue} of namespace ${namespace}`);
    // When one of them fails, the other must not continue as half a worker.
    const ended = new AbortController();
    const stopped = whenAborted(AbortSignal.any([drain, ended.signal]));
    const running = workers.map((worker) => worker.runUntil(stopped).finally(() => ended.abort()));
    if (noteState !== undefined) {
      void watchTemporal({ ask: () => answerOf(connection), tell: noteState, signal: ended.signal });
    }
    await Promise.all(running);
  } finally {
    await traces?.close();
    await connection.close();
  }
}

async function createWorkers(
  options: ProcessOptions,
  { connection, namespace }: TemporalConnection,
  traces: Traces | undefined,
): Promise<readonly Worker[]> {
  const { taskQueue, version, redact, workflowBundle, codec, log, meter } = options;
  const client = new Client({ connection, namespace, ...codec });
  const { token, sawDie } = options;
  const unitsInFlight = autoUnitsInFlight(options.processes);
  const resources = createProcessResources({ unitsInFlight, ...(token !== undefined && { token, sawDie }) });
  const runs = migrationRuns(client);
  // Containers may share a host's name and count their processes from 1.
  const identity = `${hostname()}/${String(process.pid)} longhaul ${version} ${resources.identity.token.slice(0, 8)}`;
  const directives = createSliceDirectives({
    read: (name) => readDirectives(client, name),
    countProcesses: () => countProcesses(client, { namespace, taskQueue, identity }),
    process: resources,
    onProblem: (migration, error) =>
      log.warn({ migration, error }, 'the directives could not be read; those last read remain in force'),
  });
  const throttles = new StoreThrottles();
  keepWidth({ process: resources, directives, throttles, signal: options.drain });
  const onProblem = (error: unknown): void =>
    log.warn({ error }, 'watching the work failed; the work itself continues');
  const metrics =
    meter && measureProcess({ meter, version, process: resources, speedLimits: () => directives.limits(), onProblem });
  const watchers = [logSlices(log), metrics?.watchSlice, traces?.watchSlice].filter((watch) => watch !== undefined);
  const activities = createActivities({
    openMigration: createOpenMigration(options, throttles, metrics?.requests),
    ...openProbed(options),
    openExplored: (account) => openExplored(account, options),
    moveSlice: watchedMoveSlice(moveSlice, watchers, onProblem),
    process: resources,
    runs,
    directives,
    cluster: { cluster: await clusterId(connection), namespace },
    buildInfo: `longhaul ${version}`,
    redact,
    noteBlocked: createTellRenewed({
      mark: () => markOfFiles(options.credentialFiles),
      renewed: () => void (resources.renewals.count += 1),
      tell: (partition) => runs.tellCredentials(partition),
      signal: options.drain,
    }),
    noteProgress: metrics?.noteProgress,
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

/** A server that takes longer than five seconds to say its version does not answer. */
function answerOf(connection: NativeConnection): Promise<unknown> {
  return connection.withDeadline(Date.now() + 5_000, () => connection.workflowService.getSystemInfo({}));
}

/** Opens the export of spans if somebody collects them. Its code is loaded only then. */
async function openTraces({ tracesRatio, version, redact, log }: ProcessOptions): Promise<Traces | undefined> {
  if (tracesRatio === undefined) return undefined;
  const traces = await import('../telemetry/traces/open-traces.js');
  const onProblem = (message: string): void => log.warn(`spans may be lost: ${message}`);
  return traces.openTraces({ ratio: tracesRatio, version, redact, onProblem });
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
