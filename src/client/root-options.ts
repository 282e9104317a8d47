import { defineSearchAttributeKey, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { WorkflowStartOptions } from '@temporalio/client';
import { controlOf } from '../commands/control-of.js';
import type { RootStart } from '../commands/ports/temporal-port.js';
import type { Definition } from '../domain/definition.js';
import { rootWorkflowId } from '../domain/ids.js';
import { emptyTally } from '../domain/tally.js';
import { beforeMemoKey, controlMemoKey, memoKey, type RootMemo, searchAttributeNames } from '../workflows/messages.js';

// The server refuses a longer summary (bytes) or longer details.
const summaryBytesMax = 400;
const detailsBytesMax = 20_000;

/** Gives all that the root of a migration is started with: what people see in the Web UI, memo, search attributes, policies. */
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
    // Two `start` at once, or one again after a lost reply, meet in one run; every round is a new run of the same id.
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    memo: {
      ...{ [memoKey]: memo, [controlMemoKey]: controlOf(definition) },
      ...(before === undefined ? {} : { [beforeMemoKey]: before }),
    },
    staticSummary: cut(
      `${String(input.total)} units to s3://${definition.target.bucket}, round ${String(input.round)}`,
      summaryBytesMax,
    ),
    staticDetails: cut(detailsText(definition, input.total), detailsBytesMax),
    ...(input.searchAttributes ? { typedSearchAttributes: searchAttributes(name, input.total) } : {}),
  } satisfies WorkflowStartOptions;
}

function searchAttributes(name: string, total: number) {
  return [
    { key: defineSearchAttributeKey(searchAttributeNames.migration, 'KEYWORD'), value: name },
    { key: defineSearchAttributeKey(searchAttributeNames.phase, 'KEYWORD'), value: 'preparing' },
    { key: defineSearchAttributeKey(searchAttributeNames.level, 'KEYWORD'), value: 'root' },
    { key: defineSearchAttributeKey(searchAttributeNames.total, 'INT'), value: total },
    { key: defineSearchAttributeKey(searchAttributeNames.done, 'INT'), value: 0 },
    { key: defineSearchAttributeKey(searchAttributeNames.failed, 'INT'), value: 0 },
  ];
}

/** Markdown. The Web UI draws tables without borders, so these are lists. */
function detailsText({ name, accounts, find, target, units }: Definition, total: number): string {
  const lookups = find.map(
    ({ account, container, prefix, blob, match, regex }) =>
      `- \`${account}\` / \`${container}\` / \`${prefix ?? blob ?? ''}${match ?? regex ?? ''}\``,
  );
  return [
    `**${name}** moves ${String(total)} units of \`${units.from}\`.`,
    '',
    'From:',
    ...Object.entries(accounts).map(([account, { endpoint }]) => `- account \`${account}\`: ${endpoint}`),
    ...lookups,
    '',
    `To: \`s3://${target.bucket}/${target.key}\`${target.endpoint === undefined ? '' : ` at ${target.endpoint}`}`,
    '',
    `Ledger: \`s3://${target.control.bucket}/${target.control.prefix}/${name}/\``,
    '',
    `Figures: \`longhaul status ${name}\``,
  ].join('\n');
}

function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  // A character cut in two becomes one that replaces it.
  return bytes.length <= bytesMax ? text : `${bytes.subarray(0, bytesMax - 8).toString()}…`;
}
