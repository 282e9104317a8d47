import { controlBase } from '../../domain/migration-record.js';
import { emptyTally } from '../../domain/tally.js';
import { overallUnits } from '../../domain/unit-figures.js';
import { CommandError } from '../ending/command-error.js';
import { isRootOf } from '../control-of.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { readMigrationFile } from '../migration/read-migration-file.js';
import { readNewestRound, type StagedRound } from '../../control/newest-round.js';
import { documentOfLedger, documentOfRoot, documentOfSummary, type StatusDocument } from './status-document.js';
import type { ControlStore } from '../../control/control-store.js';

/**
 * Tells where the migration of a file stands: from `summary.json` when its round has ended, else from Temporal, else (Temporal has lost
 * it) from the ledgers. Rejects with status 5 when nothing of it is staged.
 */
export async function statusOfFile(context: CommandContext, path: string): Promise<StatusDocument> {
  const { definition } = await readMigrationFile(path);
  const { environment, signal } = context;
  const { control: place } = definition.target;
  const control = await context.stores.openControl(definition, environment);
  const staged = await readNewestRound(control, controlBase({ prefix: place.prefix, name: definition.name }), signal);
  if (staged === undefined) {
    throw new CommandError(
      exitStatus.noSuchMigration,
      `The migration ${definition.name} has not been started: there is nothing of it in s3://${place.bucket}/${place.prefix}`,
      { next: `start it: \`${context.invocation} start ${path}\`` },
    );
  }
  return statusOfStaged(context, staged, control);
}

/** Tells where a staged migration stands; as {@link statusOfFile}. */
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
    if (root !== undefined && isRootOf(root, record.definition)) return documentOfRoot(subject, root, total);
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
        message: `Temporal at ${temporal.address}, namespace ${temporal.namespace}, does not know it any more; the ledger holds what is done`,
      },
    });
  } finally {
    await temporal.close();
  }
}
