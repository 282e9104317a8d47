import type { ControlStore } from '../../control/control-store.js';
import type { StagedRound } from '../../control/newest-round.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import { emptyTally } from '../../domain/figures/tally.js';
import { overallUnits } from '../../domain/figures/unit-figures.js';
import { isRootOf } from '../migration/control-memo-of.js';
import { requireRoot } from '../migration/find-root.js';
import { notStarted } from '../migration/find-round.js';
import { namedMigration, type NamedMigration } from '../migration/named-migration.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import type { CommandContext } from '../ports/context.js';
import { shellWord } from '../screen/shell-word.js';
import { expectWorkers } from './expect-workers.js';
import { documentOfLedger, documentOfRoot, documentOfSummary, type StatusDocument } from './status-document.js';

/** Returns where a migration, given as NAME or FILE, stands. Rejects with status 5 if there is no such migration. */
export async function findStatus(context: CommandContext, operand: string): Promise<StatusDocument> {
  const named = await namedMigration(operand);
  return named.file === undefined ? statusOfName(context, named) : statusOfFile(context, named.file);
}

async function statusOfName(context: CommandContext, named: NamedMigration): Promise<StatusDocument> {
  const { environment, invocation } = context;
  const temporal = await context.connectTemporal(environment);
  try {
    const next = `if it ended long ago, give its file instead: \`${invocation} status FILE\` reads the control prefix`;
    const root = await requireRoot(temporal, named, next);
    const subject = { name: named.name, namespace: temporal.namespace, webUi: environment.webUi };
    return await expectWorkers(context, temporal)(documentOfRoot(subject, root), root);
  } finally {
    await temporal.close();
  }
}

async function statusOfFile(context: CommandContext, { definition, path }: MigrationFile): Promise<StatusDocument> {
  const { name, target } = definition;
  const control = await context.stores.openControl(definition, context.environment);
  const base = controlBase({ prefix: target.control.prefix, name });
  const { readNewestRound } = await import('../../control/newest-round.js');
  const staged = await readNewestRound({ control, base }, context.signal);
  const startLine = `\`${context.invocation} start ${shellWord(path)}\``;
  if (staged === undefined) throw notStarted(name, target.control, startLine);
  return statusOfStaged(context, staged, control);
}

/**
 * Returns where a staged migration stands: from `summary.json` if its round has ended; else from Temporal; else, if
 * Temporal has lost it, from the ledgers.
 */
export async function statusOfStaged(
  context: CommandContext,
  staged: StagedRound,
  control: ControlStore,
): Promise<StatusDocument> {
  const { environment, signal } = context;
  const { record, owner, summary } = staged;
  const { name, round } = record;
  const total = record.layout.units;
  if (summary !== undefined) {
    const subject = { name, namespace: owner?.namespace ?? 'default', webUi: environment.webUi };
    return documentOfSummary(subject, summary, owner?.rootRunId ?? null);
  }
  const temporal = await context.connectTemporal(environment);
  try {
    const subject = { name, namespace: temporal.namespace, webUi: environment.webUi };
    const root = await temporal.describeRoot(name);
    if (root !== undefined && isRootOf(root, record.definition)) {
      return await expectWorkers(context, temporal)(documentOfRoot(subject, root, total), root);
    }
    if (owner === undefined) {
      const overall = overallUnits(record.before, { total, tally: emptyTally });
      return documentOfLedger(subject, { round, total, runId: null, phase: 'preparing', tally: emptyTally, overall });
    }
    const { tally } = await context.stores.sumLedgers(record, control, signal);
    return documentOfLedger(subject, {
      ...{ round, total, runId: owner.rootRunId, phase: 'failed' },
      ...{ tally, overall: overallUnits(record.before, { total, tally }) },
      failure: {
        class: null,
        message:
          `Temporal at ${temporal.address}, namespace ${temporal.namespace}, no longer knows it; ` +
          'the ledger has what is done',
      },
    });
  } finally {
    await temporal.close();
  }
}
