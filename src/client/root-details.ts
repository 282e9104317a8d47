import type { Definition } from '../domain/definition.js';
import { plannedMigration, roundId, verifiedMigration } from '../domain/ids.js';
import { controlBase } from '../domain/stored/migration-record.js';
import { formatCount } from '../domain/text/format.js';
import { inlineCode } from './inline-code.js';

// A migration may have thousands of accounts. Its file lists them all.
const shownMax = 40;

/**
 * Returns the static details of a root for the Web UI, in Markdown: what it does, from where to where, where its ledger
 * is, and what to do when the page stays empty because no worker answers. A list follows a blank line, without which
 * Markdown takes it for text. There is no table, because the UI draws tables without borders.
 */
export function rootDetails(root: {
  readonly definition: Definition;
  readonly round: number;
  readonly total: number;
  readonly taskQueue: string;
}): string {
  const { definition, round, total, taskQueue } = root;
  const { name, accounts, find, target, units } = definition;
  const { bucket, prefix } = target.control;
  const ledger = `s3://${bucket}/${controlBase({ prefix, name })}/${roundId(round)}/ledger/`;
  const lookups = find.map(({ account, container, prefix: start, blob, match, regex }) =>
    [account, container, `${start ?? blob ?? ''}${match ?? regex ?? ''}`].map(inlineCode).join(' / '),
  );
  const objects = inlineCode(`s3://${target.bucket}/${target.key}`) + at(target.endpoint);
  const counted = `${formatCount(total)} units of ${inlineCode(units.from)} in round ${String(round)}`;
  const source = [
    'From:',
    listOf(
      Object.entries(accounts).map(([account, { endpoint }]) => `account ${inlineCode(account)}${at(endpoint)}`),
      'accounts',
    ),
    'Found as account / container / name:',
    listOf(lookups, 'lookups'),
  ];
  return [
    `**${name}** ${purpose(name, counted)}.`,
    'To:',
    listOf([objects, `ledger: ${inlineCode(ledger)}`]),
    // A verification reads the target alone.
    ...(verifiedMigration(name) === undefined ? source : []),
    `If there are no current details, no worker answers: start ${inlineCode('longhaul-worker')} with ` +
      `${inlineCode(`LONGHAUL_TASK_QUEUE=${taskQueue}`)} and the same ${inlineCode('TEMPORAL_*')}. ` +
      `${inlineCode(`longhaul status ${name}`)} shows the newest figures even then.`,
  ].join('\n\n');
}

function purpose(name: string, units: string): string {
  if (verifiedMigration(name) !== undefined) return `compares what is in the target for ${units}, and moves nothing`;
  if (plannedMigration(name) !== undefined) return `looks at ${units}, and moves nothing`;
  return `moves ${units}`;
}

function at(endpoint: string | undefined): string {
  return endpoint === undefined ? '' : ` at ${inlineCode(endpoint)}`;
}

function listOf(items: readonly string[], counted = ''): string {
  const more = items.length > shownMax ? [`and ${formatCount(items.length - shownMax)} more ${counted}`] : [];
  return [...items.slice(0, shownMax), ...more].map((item) => `- ${item}`).join('\n');
}
