import { setTimeout as wait } from 'node:timers/promises';
import type { Client, Connection } from '@temporalio/client';
import type { TemporalChecks, WorkerCheckOutcome } from '../commands/ports/temporal-checks.js';
import { settled } from '../flow/settled.js';
import { checkWorkflow, type CheckResult } from '../workflows/messages.js';
import { WorkflowFailedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from './sdk/temporal.js';

/** Makes one request to the server, or rejects with what a verb shows. */
export type AskServer = <T>(doing: string, request: () => Promise<T>) => Promise<T>;

// The activities of a check end within 8 minutes.
const checkTimeout = '10 minutes';
const lookEveryMs = 2_000;
// A workflow task that fails so often fails because the worker does not know the workflow.
const taskAttemptsMax = 3;

/** Implements what `check` asks of one namespace of a server. */
export function temporalChecks(parts: {
  readonly namespace: string;
  readonly connection: Connection;
  readonly client: Client;
  readonly taskQueue: string;
  readonly ask: AskServer;
  readonly pollers: () => Promise<readonly string[]>;
}): TemporalChecks {
  const { namespace, connection, client, taskQueue, ask, pollers } = parts;
  return {
    serverVersion: () =>
      ask('Asking for the version of the server', async () => {
        const { serverVersion } = await connection.workflowService.getSystemInfo({});
        return serverVersion || undefined;
      }),
    retentionMs: () =>
      ask(`Looking for namespace ${namespace}`, async () => {
        const { config } = await connection.workflowService.describeNamespace({ namespace });
        const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
        return seconds === 0 ? undefined : seconds * 1_000;
      }),
    searchAttributes: () =>
      ask('Asking for search attributes', async () => {
        try {
          const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
          return Object.fromEntries(Object.entries(customAttributes).map(([name, type]) => [name, typeName(type)]));
        } catch (error) {
          if (isHidden(error)) return undefined;
          throw error;
        }
      }),
    workers: pollers,
    async runCheck(name, input, signal) {
      const handle = await ask(`Starting check/${name}`, () =>
        client.workflow.start(checkWorkflow, {
          ...{ workflowId: `check/${name}`, taskQueue, args: [input], workflowExecutionTimeout: checkTimeout },
          // The newest check is the one that somebody looks at.
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.TERMINATE_EXISTING,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          staticSummary: 'looks at the accounts and the target of a migration',
        }),
      );
      const ended = settled(resultOf(handle.result()));
      for (;;) {
        const next = await Promise.race([ended, settled(wait(lookEveryMs, undefined, { signal, ref: false }))]);
        if ('error' in next) {
          await handle.cancel();
          signal.throwIfAborted();
          throw next.error;
        }
        if (next.value !== undefined) return next.value;
        const { raw } = await ask(`Asking for ${handle.workflowId}`, () => handle.describe());
        if ((raw.pendingWorkflowTask?.attempt ?? 1) < taskAttemptsMax) continue;
        await ask(`Ending ${handle.workflowId}`, () => handle.terminate('the workers do not know checks'));
        return { unknown: 'the workers do not know checks; they are of an older version' };
      }
    },
  };
}

async function resultOf(running: Promise<unknown>): Promise<WorkerCheckOutcome> {
  try {
    return { result: (await running) as CheckResult };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { unknown: `the check on a worker ended early: ${error.cause?.message ?? error.message}` };
  }
}

// temporal.api.enums.v1.IndexedValueType, which the SDK does not export by name.
const typeNames = ['Unspecified', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'];

const typeName = (type: unknown): string => typeNames[Number(type)] ?? String(type);

// PERMISSION_DENIED and UNIMPLEMENTED: Temporal Cloud keeps them to itself.
const hiddenCodes: readonly unknown[] = [7, 12];

function isHidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && hiddenCodes.includes(error.code);
}
