import type { Client, Connection } from '@temporalio/client';
import { CommandError } from '../commands/ending/command-error.js';
import { exitStatus } from '../commands/ending/exit-status.js';
import type { RootDescription, TemporalPort } from '../commands/ports/temporal-port.js';
import { migrationWorkflow, rootWorkflowId } from '../domain/ids.js';
import { grpcCode, isGrpcError } from '../grpc-errors.js';
import { decodePayload } from '../payload-codec.js';
import { recentPollers } from '../recent-pollers.js';
import { searchAttributeNames, type MigrationInput } from '../workflows/messages.js';
import type { ControlAddress } from '../domain/stored/migration-record.js';
import type { ControlAnswer } from '../workflows/operator-messages.js';
import { describeRoot, summariseRoot } from './describe-root.js';
import { rootOptions } from './root-options.js';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from './sdk/temporal.js';
import { temporalChecks } from './temporal-checks.js';
import { temporalExplorations } from './temporal-explorations.js';

// Until then, the SDK retries a request by itself.
const requestTimeoutMs = 15_000;
// A server that is gone must show soon on a terminal that watches a migration.
const lookTimeoutMs = 8_000;
// A worker answers within milliseconds, or within seconds on a busy machine.
const answerTimeoutMs = 8_000;
const progressQueryName = 'progress';

/** Implements the port for one namespace of one Temporal server. */
export function temporalClientPort(parts: {
  readonly address: string;
  readonly namespace: string;
  readonly connection: Connection;
  readonly client: Client;
  readonly taskQueue: string;
}): TemporalPort {
  const { address, namespace, connection, client, taskQueue } = parts;
  const ask = async <T>(doing: string, request: () => Promise<T>, timeoutMs = requestTimeoutMs): Promise<T> => {
    try {
      return await connection.withDeadline(Date.now() + timeoutMs, request);
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) {
        throw new CommandError(exitStatus.usage, `${doing} was refused: ${reason(error)}`, { cause: error });
      }
      throw new CommandError(
        exitStatus.unreachable,
        `${doing} at Temporal ${address}, namespace ${namespace}, failed: ${reason(error)}`,
        { next: 'check that the server is running (`longhaul dev status`) and that TEMPORAL_* is right', cause: error },
      );
    }
  };
  const hasSearchAttributes = async (): Promise<boolean> =>
    ask('Asking for search attributes', async () => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      return Object.values(searchAttributeNames).every((name) => Object.hasOwn(customAttributes, name));
    });

  const pollers = (): Promise<readonly string[]> =>
    ask(`Asking who polls task queue ${taskQueue}`, () => recentPollers(connection, { namespace, taskQueue }));

  return {
    address,
    namespace,
    taskQueue,
    hasSearchAttributes,
    startRoot: (start) =>
      ask(`Starting ${rootWorkflowId(start.definition.name)}`, async () => {
        const options = rootOptions({ ...start, taskQueue });
        const handle = await client.workflow.start(migrationWorkflow, options);
        return { runId: handle.firstExecutionRunId };
      }),
    describeRoot: (name) => {
      const look = async (): Promise<RootDescription | undefined> => {
        try {
          return await describeRoot(client, name);
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return undefined;
          throw error;
        }
      };
      return ask(`Asking for ${rootWorkflowId(name)}`, look, lookTimeoutMs);
    },
    cancelRoot: (name, runId) =>
      ask(`Cancelling ${rootWorkflowId(name)}`, async () => {
        try {
          await client.workflow.getHandle(rootWorkflowId(name), runId).cancel();
        } catch (error) {
          // It ended a moment ago.
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
    askRoot: (name, runId, { kind, argument }) =>
      ask(`Asking ${rootWorkflowId(name)} to ${kind}`, async () => {
        try {
          const handle = client.workflow.getHandle(rootWorkflowId(name), runId);
          return await handle.executeUpdate<ControlAnswer, [typeof argument]>(kind, { args: [argument] });
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return undefined;
          throw error;
        }
      }),
    controlAddress: (name) =>
      ask(`Asking for ${rootWorkflowId(name)}`, async () => {
        try {
          return await startedWith(client, connection, namespace, rootWorkflowId(name));
        } catch (error) {
          if (isGrpcError(error, [grpcCode.notFound])) return undefined;
          throw error;
        }
      }),
    async *listRoots() {
      const query = `WorkflowType = '${migrationWorkflow}'`;
      const seen = new Set<string>();
      const pages = client.workflow.list({ query })[Symbol.asyncIterator]();
      for (;;) {
        const next = await ask('Listing migrations', () => pages.next());
        if (next.done === true) return;
        if (seen.has(next.value.workflowId)) continue;
        seen.add(next.value.workflowId);
        yield summariseRoot(next.value);
      }
    },
    isAnswered: (name, runId) =>
      ask(`Asking ${rootWorkflowId(name)} for its figures`, async () => {
        const execution = { workflowId: rootWorkflowId(name), runId };
        const question = { namespace, execution, query: { queryType: progressQueryName } };
        try {
          await connection.withDeadline(Date.now() + answerTimeoutMs, () =>
            connection.workflowService.queryWorkflow(question),
          );
          return true;
        } catch (error) {
          if (isGrpcError(error, grpcNoAnswer)) return false;
          // A worker that refuses the question, or a root that has ended, is an answer too.
          if (isGrpcError(error, grpcAnswered)) return true;
          throw error;
        }
      }),
    isPolled: async () => (await pollers()).length > 0,
    checks: temporalChecks({ namespace, connection, client, taskQueue, ask, pollers }),
    explorations: temporalExplorations({ client, taskQueue, ask }),
    close: () => connection.close(),
  };
}

/** Reads the control address that the newest run was started with, from the first event of its history. */
async function startedWith(
  client: Client,
  connection: Connection,
  namespace: string,
  workflowId: string,
): Promise<ControlAddress | undefined> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    ...{ namespace, maximumPageSize: 1 },
    execution: { workflowId },
  });
  const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  return (await decodePayload<MigrationInput>(client, payload))?.control;
}

// The deadline is seen by this side or by the server, which then cancels the call. When no worker has polled for some
// minutes, the server refuses at once: a precondition has failed.
const grpcNoAnswer = [grpcCode.cancelled, grpcCode.deadlineExceeded, grpcCode.failedPrecondition];
const grpcAnswered = [grpcCode.invalidArgument, grpcCode.notFound];

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The SDK's own message says less than that of its cause.
  return error.cause instanceof Error ? error.cause.message : error.message;
}
