import { partitionSlices } from '../../domain/layout.js';
import type { StagedUnit } from '../../domain/unit.js';
import { plannedMigration } from '../../domain/ids.js';
import { overallUnits } from '../../domain/unit-figures.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { failedUnits, type FailedUnit } from '../migration/failed-units.js';
import { matchesClass } from '../migration/matches-class.js';
import { formatCount } from '../../domain/text/format.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import type { OptionValues } from '../option-table.js';
import type { Printer } from '../screen/printer.js';
import { findRound, type FoundRound, refuseOpen } from '../migration/find-round.js';
import { startRoot } from '../start/start-root.js';
import type { Verb } from '../verb.js';

/** `longhaul retry NAME|FILE` */
export const retry: Verb = {
  name: 'retry',
  summary: 'moves the failed units of a migration again, as the next round',
  description:
    'Stages the failed units as the next round and starts it. Refused while a round is open: `resume` it, or wait ' +
    'for its end.',
  operands: [migrationOperand],
  options: ['class', 'unit'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_CANCEL_PATIENCE',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'retry orders', does: 'move all failed units again' },
    { line: 'retry orders --class Source', does: 'only those that failed with a class that begins so' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const named = await namedMigration(operands[0] ?? '');
    const temporal = await context.connectTemporal(context.environment);
    try {
      const found = await findRound(context, temporal, named);
      refusePlan(found.name, context);
      const summary = refuseOpen(found.name, found.staged);
      const failed = selected(
        ofDefinition(await failedUnits(context, found, { printer }), found, printer),
        options,
        found.name,
      );
      const { control, base, staged, name } = found;
      const { record: previous } = staged;
      const { definition, definitionDigest, unitsDigest, fileDigest = unitsDigest } = previous;
      const { stageNextRound } = await import('../../staging/stage-next-round.js');
      const record = await stageNextRound({
        ...{ store: control, base, previous, version: context.version, signal: context.signal },
        says: { definition, definitionDigest, fileDigest, before: overallUnits(previous.before, summary) },
        units: stagedUnits(context, found, failed),
        now: () => new Date(context.now()),
      });
      const next = { ...staged, record, summary: undefined };
      const { runId } = await startRoot(context, { staged: next, temporal });
      printer.say(
        `Started round ${String(record.round)} of the migration ${name}: ${formatCount(failed.length)} units.`,
      );
      printer.document({ name, round: record.round, units: failed.length, runId });
      return exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

function refusePlan(name: string, { invocation }: Pick<CommandContext, 'invocation'>): void {
  if (plannedMigration(name) === undefined) return;
  throw new CommandError(exitStatus.usage, `${name} is a plan, which moves no units: there is nothing to retry`, {
    next: `plan anew: \`${invocation} plan FILE --again\``,
  });
}

/**
 * Skips units that failed under an earlier definition, because the newest one no longer describes them, and says so.
 */
function ofDefinition(
  failed: readonly FailedUnit[],
  { staged: { record } }: FoundRound,
  printer: Printer,
): readonly FailedUnit[] {
  const current = failed.filter((unit) => unit.record.definitionDigest === record.definitionDigest);
  const others = failed.length - current.length;
  if (others > 0) {
    printer.warn(
      `${formatCount(others)} units failed in a round of an earlier definition and are skipped: ` +
        '`start --again` moves the units that the file lists now.',
    );
  }
  return current;
}

function selected(
  failed: readonly FailedUnit[],
  options: Pick<OptionValues, 'class' | 'unit'>,
  name: string,
): readonly FailedUnit[] {
  const isWanted = matchesClass(options.class);
  const chosen = failed.filter(
    ({ receipt }) =>
      isWanted(receipt.class ?? 'Unexpected') && (options.unit === undefined || receipt.id === options.unit),
  );
  if (chosen.length > 0) return chosen;
  throw new CommandError(exitStatus.usage, `The migration ${name} has no such failed unit: there is nothing to retry`);
}

/** Reads the failed units as their rounds staged them: each staged slice once, in the order of rounds and slices. */
async function* stagedUnits(
  { signal, stores }: CommandContext,
  { control, base }: FoundRound,
  failed: readonly FailedUnit[],
): AsyncGenerator<StagedUnit> {
  const rounds = new Map(failed.map(({ record }) => [record.round, record]));
  for (const [round, record] of rounds) {
    const wanted = new Set(failed.filter((unit) => unit.record === record).map(({ receipt }) => receipt.index));
    for (let partition = 0; partition < record.layout.partitions && wanted.size > 0; partition += 1) {
      for (const slice of partitionSlices(record.layout, partition)) {
        const units = await stores.readStagedUnits({ base, control, record }, { ...slice, round, epoch: 0 }, signal);
        for (const unit of units) if (wanted.delete(unit.index)) yield { ...unit, earlier: 'failed' };
      }
    }
  }
}
