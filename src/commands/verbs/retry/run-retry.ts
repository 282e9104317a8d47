import { migrationOf, plannedMigration } from '../../../domain/ids.js';
import { overallUnits } from '../../../domain/figures/unit-figures.js';
import { formatCount } from '../../../domain/text/format.js';
import { stageNextRound } from '../../../staging/stage-next-round.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { findRound, refuseOpen, type FoundRound } from '../../migration/find-round.js';
import { matchesClass } from '../../migration/matches-class.js';
import { namedMigration } from '../../migration/named-migration.js';
import type { OptionValues } from '../../option-table.js';
import type { CommandContext } from '../../ports/context.js';
import type { Printer } from '../../screen/printer.js';
import { startRoot } from '../../start/start-root.js';
import type { VerbCall } from '../../verb.js';
import { retriedUnits, type RetriedUnit } from './retried-units.js';
import { stagedUnits } from './staged-units.js';

/** Runs `longhaul retry`. */
export async function runRetry({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const named = await namedMigration(operands[0] ?? '');
  const temporal = await context.connectTemporal(context.environment);
  try {
    const found = await findRound(context, temporal, named);
    refuseOthers(found.name, context);
    const summary = refuseOpen(found.name, found.staged);
    const retried = await retriedUnits(context, found, printer);
    const chosen = selected(ofDefinition(retried, found, printer), options, found.name);
    const { control, base, staged, name } = found;
    const { record: previous } = staged;
    const { definition, definitionDigest, unitsDigest, fileDigest = unitsDigest } = previous;
    const record = await stageNextRound({
      ...{ store: control, base, previous, version: context.version, signal: context.signal },
      says: { definition, definitionDigest, fileDigest, before: overallUnits(previous.before, summary) },
      units: stagedUnits(context, found, chosen),
      now: () => new Date(context.now()),
    });
    const next = { ...staged, record, summary: undefined };
    const { runId } = await startRoot(context, { staged: next, temporal });
    printer.say(`Started round ${String(record.round)} of the migration ${name}: ${unitsText(chosen)}.`);
    printer.document({ name, round: record.round, units: chosen.length, runId });
    return exitStatus.done;
  } finally {
    await temporal.close();
  }
}

function refuseOthers(name: string, { invocation }: Pick<CommandContext, 'invocation'>): void {
  const migration = migrationOf(name);
  if (migration === name) return;
  if (plannedMigration(name) !== undefined) {
    throw new CommandError(exitStatus.usage, `${name} is a plan, which moves no units: there is nothing to retry`, {
      next: `plan again: \`${invocation} plan FILE --again\``,
    });
  }
  throw new CommandError(exitStatus.usage, `${name} is a verification, which moves no units`, {
    next: `repair what it found: \`${invocation} retry ${migration}\``,
  });
}

/**
 * Skips units of an earlier definition, because the newest one no longer describes them, and says so.
 */
function ofDefinition(
  retried: readonly RetriedUnit[],
  { staged: { record } }: FoundRound,
  printer: Printer,
): readonly RetriedUnit[] {
  const current = retried.filter((unit) => unit.record.definitionDigest === record.definitionDigest);
  const others = retried.length - current.length;
  if (others > 0) {
    printer.warn(
      `${formatCount(others)} units failed in a round of an earlier definition and are skipped: ` +
        '`start --again` moves the units that the file lists now.',
    );
  }
  return current;
}

function selected(
  retried: readonly RetriedUnit[],
  options: Pick<OptionValues, 'class' | 'unit'>,
  name: string,
): readonly RetriedUnit[] {
  const isWanted = matchesClass(options.class);
  const chosen = retried.filter(
    ({ receipt, difference }) =>
      isWanted((difference ?? receipt).class ?? 'Unexpected') &&
      (options.unit === undefined || receipt.id === options.unit),
  );
  if (chosen.length > 0) return chosen;
  const such = options.class === undefined && options.unit === undefined ? 'failed unit' : 'such failed unit';
  throw new CommandError(exitStatus.usage, `The migration ${name} has no ${such}: there is nothing to retry`);
}

function unitsText(chosen: readonly RetriedUnit[]): string {
  const different = chosen.filter(({ difference }) => difference !== undefined).length;
  const repaired = different === 0 ? '' : `, ${formatCount(different)} of them to replace what a verification found`;
  return `${formatCount(chosen.length)} units${repaired}`;
}
