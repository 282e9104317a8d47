import type { WorkflowStartOptions } from '@temporalio/client';
import { controlMemoOf } from '../commands/migration/control-memo-of.js';
import type { RootStart } from '../commands/ports/temporal-port.js';
import { rootWorkflowId, verifiedMigration } from '../domain/ids.js';
import { emptyTally } from '../domain/figures/tally.js';
import { formatCount } from '../domain/text/format.js';
import { beforeMemoKey, controlMemoKey, memoKey, type RootMemo } from '../workflows/messages.js';
import { initialAttributes } from '../workflows/search-attributes.js';
import { rootDetails } from './root-details.js';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from './sdk/temporal.js';

// The server refuses longer summaries and details.
const summaryBytesMax = 400;
const detailsBytesMax = 20_000;

/**
 * Returns everything that a migration's root is started with: what the Web UI shows, memo, search attributes, policies.
 */
export function rootOptions({ definition, input, before, taskQueue }: RootStart & { readonly taskQueue: string }) {
  const { name } = definition;
  const memo: RootMemo = {
    round: input.round,
    total: input.total,
    phase: 'preparing',
    tally: emptyTally,
    blocked: [],
  };
  return {
    workflowId: rootWorkflowId(name),
    taskQueue,
    args: [input],
    // Two starts at once, or one repeated after a lost reply, lead to one run. Every round is a new run of the same id.
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    memo: {
      ...{ [memoKey]: memo, [controlMemoKey]: controlMemoOf(definition) },
      ...(before === undefined ? {} : { [beforeMemoKey]: before }),
    },
    staticSummary: cut(
      `${formatCount(input.total)} units ${verifiedMigration(name) === undefined ? 'to' : 'in'} ` +
        `s3://${definition.target.bucket}, round ${String(input.round)}`,
      summaryBytesMax,
    ),
    staticDetails: cut(rootDetails({ definition, round: input.round, total: input.total, taskQueue }), detailsBytesMax),
    ...(input.searchAttributes && {
      typedSearchAttributes: initialAttributes({ name, level: 'root', total: input.total }),
    }),
  } satisfies WorkflowStartOptions;
}

function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  // A character that is cut in two becomes a replacement character.
  return bytes.length <= bytesMax ? text : `${bytes.subarray(0, bytesMax - 8).toString()}…`;
}
