import type { ExitStatus } from '../ending/exit-status.js';
import { exitStatusOfPhase, isWithoutWorkers } from '../status/exit-status-of-phase.js';
import { expectWorkers } from '../status/expect-workers.js';
import { reportMigration } from '../status/report-migration.js';
import { readMigrationFile } from '../migration/read-migration-file.js';
import { startAndFollow } from './start-and-follow.js';
import { noWorkersWarning } from '../migration/no-workers.js';
import { outcomeText, startMigration, type StartedMigration } from './start-migration.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';
import type { StatusDocument } from '../status/status-document.js';
import type { VerbCall } from '../verb.js';

/** Runs `longhaul start`. */
export async function runStart({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const path = operands[0] ?? '';
  const { again } = options;
  const file = await readMigrationFile(path, context);
  const temporal = await context.connectTemporal(context.environment);
  try {
    if (options.watch) {
      const document = await startAndFollow(context, { file, temporal, printer, again });
      printer.document(document);
      return exitStatusOfPhase(document);
    }
    const started = await startMigration(context, { file, temporal, printer, again });
    const document = await withWorkers(context, temporal, started);
    printer.say(outcomeText(started));
    const operand = started.root === undefined ? path : document.name;
    await reportMigration(context, document, { printer, operand, failed: started.firstFailed });
    if (isWithoutWorkers(document)) printer.warn(noWorkersWarning(temporal.taskQueue));
    printer.document(document);
    return exitStatusOfPhase(document);
  } finally {
    await temporal.close();
  }
}

/**
 * Asks at once whether there are workers: nobody wants to start a migration, go home, and find that nothing has moved.
 */
async function withWorkers(
  context: CommandContext,
  temporal: TemporalPort,
  { document, root }: StartedMigration,
): Promise<StatusDocument> {
  return root === undefined ? document : await expectWorkers(context, temporal, { atOnce: true })(document, root);
}
