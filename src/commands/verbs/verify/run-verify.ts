import { readNewestRound } from '../../../control/newest-round.js';
import { readVerification } from '../../../control/stored-verification.js';
import { migrationOf } from '../../../domain/ids.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { findRound } from '../../migration/find-round.js';
import { namedMigration } from '../../migration/named-migration.js';
import type { CommandContext } from '../../ports/context.js';
import { followToEnd } from '../../status/follow-to-end.js';
import type { VerbCall } from '../../verb.js';
import { announcement } from './announce.js';
import { parseOrder } from './parse-order.js';
import { renderVerification } from './render-verification.js';
import { prepareVerification, type StartedVerification } from './start-verification.js';
import { emptyVerification, makeVerificationDocument, type VerificationDocument } from './verification-document.js';

/** Runs `longhaul verify`. */
export async function runVerify({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const operand = operands[0] ?? '';
  const order = parseOrder(options);
  const named = await namedMigration(operand);
  refuseOthers(named.name, context);
  const temporal = await context.connectTemporal(context.environment);
  try {
    const found = await findRound(context, temporal, named);
    const started = await prepareVerification(context, { found, order }, temporal);
    if (started === undefined) {
      printer.say(
        `The migration ${found.name} has no object to verify${order.since === undefined ? '' : ' since then'}.`,
      );
      printer.document(emptyVerification(found.name, order.since));
      return exitStatus.done;
    }
    const { name, staged, outcome } = started;
    if (outcome === 'continued') printer.note(`Continuing ${name}, which has not ended.`);
    printer.note(announcement(staged.record));
    await started.start();
    await followToEnd(context, { name, total: staged.record.layout.units }, temporal);
    const document = await resultOf(context, started);
    printer.say(renderVerification(document, { invocation: context.invocation, operand }));
    printer.document(document);
    return statusOf(document);
  } finally {
    await temporal.close();
  }
}

function refuseOthers(name: string, { invocation }: CommandContext): void {
  const migration = migrationOf(name);
  if (migration === name) return;
  throw new CommandError(exitStatus.usage, `${name} has no objects: only a migration is verified`, {
    next: `name the migration: \`${invocation} verify ${migration}\``,
  });
}

async function resultOf(
  { signal }: CommandContext,
  { control, base, name }: StartedVerification,
): Promise<VerificationDocument> {
  const closed = await readNewestRound({ control, base }, signal);
  const result = closed && (await readVerification({ control, base, round: closed.record.round }, signal));
  if (closed === undefined || result === undefined)
    throw new CommandError(exitStatus.unexpected, `${name} has no result`);
  return makeVerificationDocument(closed, result);
}

/** An object that could not be checked is not a difference, but not a proof either. */
function statusOf({ differences }: VerificationDocument): ExitStatus {
  if (differences.some((each) => each.class.startsWith('VerifyMismatch'))) return exitStatus.difference;
  return differences.length > 0 ? exitStatus.failedUnits : exitStatus.done;
}
