import { defineSearchAttributeKey, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { WorkflowStartOptions } from '@temporalio/client';
import { controlMemoOf } from '../commands/migration/control-memo-of.js';
import type { RootStart } from '../commands/ports/temporal-port.js';
import type { Definition } from '../domain/definition.js';
import { rootWorkflowId } from '../domain/ids.js';
import { emptyTally } from '../domain/tally.js';
import { inlineCode } from './inline-code.js';
import { beforeMemoKey, controlMemoKey, memoKey, type RootMemo, searchAttributeNames } from '../workflows/messages.js';

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

/** Returns Markdown. The Web UI draws tables without borders, so it has lists. */
function detailsText({ name, accounts, find, target, units }: Definition, total: number): string {
  const lookups = find.map(
    ({ account, container, prefix, blob, match, regex }) =>
      `- ${[account, container, `${prefix ?? blob ?? ''}${match ?? regex ?? ''}`].map(inlineCode).join(' / ')}`,
  );
  return [
    `**${name}** moves ${String(total)} units of ${inlineCode(units.from)}.`,
    '',
    'From:',
    ...Object.entries(accounts).map(
      ([account, { endpoint }]) => `- account ${inlineCode(account)}: ${inlineCode(endpoint)}`,
    ),
    ...lookups,
    '',
    `To: ${inlineCode(`s3://${target.bucket}/${target.key}`)}` +
      (target.endpoint === undefined ? '' : ` at ${inlineCode(target.endpoint)}`),
    '',
    `Ledger: ${inlineCode(`s3://${target.control.bucket}/${target.control.prefix}/${name}/`)}`,
    '',
    `Figures: ${inlineCode(`longhaul status ${name}`)}`,
  ].join('\n');
}

function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  // A character that is cut in two becomes a replacement character.
  return bytes.length <= bytesMax ? text : `${bytes.subarray(0, bytesMax - 8).toString()}…`;
}
