import { Client, Connection } from '@temporalio/client';

/** What a Temporal server stores about the migration. */
export interface HistoryCounts {
  readonly workflows: number;
  readonly events: number;
  /** Steps that Temporal Cloud bills as actions, without heartbeats and queries, which are in no history. */
  readonly actions: number;
}

// Of `temporal.api.enums.v1.EventType`: started workflows and activities, timers, markers, received signals, children,
// search attributes and accepted updates; https://docs.temporal.io/cloud/actions says what is billed.
const billed = new Set([1, 10, 17, 25, 26, 29, 40, 41]);

/** Counts the runs of all workflows on a task queue, the events of their histories, and the actions among these. */
export async function countEvents(
  { address, namespace }: { readonly address: string; readonly namespace: string },
  taskQueue: string,
): Promise<HistoryCounts> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    let counts: HistoryCounts = { workflows: 0, events: 0, actions: 0 };
    for await (const { workflowId, runId } of workflow.list({ query: `TaskQueue = "${taskQueue}"` })) {
      const { events = [] } = await workflow.getHandle(workflowId, runId).fetchHistory();
      const types = (events ?? []).map(({ eventType }) => Number(eventType));
      counts = {
        workflows: counts.workflows + 1,
        events: counts.events + types.length,
        actions: counts.actions + types.filter((type) => billed.has(type)).length,
      };
    }
    return counts;
  } finally {
    await connection.close();
  }
}
