import { formatCount } from '../../domain/text/format.js';
import { migrationOf, plannedMigration } from '../../domain/ids.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import { findRound } from '../migration/find-round.js';
import { namedMigration } from '../migration/named-migration.js';
import { outputPlace, writeOutput } from '../output/write-output.js';
import { readPrices } from '../prices/read-prices.js';
import { openProgressView } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';
import { shellWord } from '../screen/shell-word.js';
import { statusOfStaged } from '../status/find-status.js';
import type { VerbCall } from '../verb.js';
import { lastVerification } from './last-verification.js';
import { makeReportDocument } from './make-report-document.js';
import { plannedUnclaimed } from './planned-unclaimed.js';
import { reportPage } from './report-page.js';
import { sumReport } from './report-sums.js';

// What takes less than two seconds needs no progress.
const quietMs = 2_000;

/** Runs `longhaul report`. */
export async function runReport({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const [operand = ''] = operands;
  const { output, json } = options;
  const { invocation, signal, version } = context;
  if (migrationOf(operand) !== operand) throw noMigration(invocation, operand);
  const place = outputPlace(output);
  const prices = await readPrices(options.prices);
  const named = await namedMigration(operand);
  const temporal = await context.connectTemporal(context.environment);
  const view = openProgressView(context, quietMs);
  try {
    const found = await findRound(context, temporal, named);
    // Before the ledgers, which then know at least as much.
    const status = await statusOfStaged(context, found.staged, found.control);
    const sums = await sumReport(context, found, (receipts) =>
      view.show(sentenceFrame(`reading ledgers: ${formatCount(receipts)} receipts`)),
    );
    const unclaimed = await plannedUnclaimed(context, found);
    const verification = await lastVerification(found, signal);
    const facts = { found, status, sums, prices, unclaimed, verification, version, nowMs: context.now() };
    const document = await makeReportDocument(facts, signal);
    const page = await reportPage(document, { invocation, operand: shellWord(operand) });
    await writeOutput(context, found, { place, json, pieces: onePiece(page) });
    view.close();
    if (output !== undefined) printer.say(`Wrote the report of the migration ${found.name} to ${output}.`);
    printer.document(document);
    return exitStatus.done;
  } finally {
    view.close();
    await temporal.close();
  }
}

function noMigration(invocation: string, operand: string): CommandError {
  const [what, next] =
    plannedMigration(operand) === undefined
      ? ['verification', `report the migration: \`${invocation} report ${migrationOf(operand)}\``]
      : ['plan', `\`${invocation} plan FILE -o DIR\` writes the page of a plan`];
  return new CommandError(exitStatus.usage, `${operand} is a ${what}, which has moved nothing to report`, { next });
}

async function* onePiece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
