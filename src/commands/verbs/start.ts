import { exitStatusOfPhase } from '../status/exit-status-of-phase.js';
import { reportMigration } from '../status/report-migration.js';
import { readMigrationFile } from '../migration/read-migration-file.js';
import { startAndFollow } from '../start/start-and-follow.js';
import { noWorkersWarning } from '../migration/no-workers.js';
import { outcomeText, startMigration, type StartedMigration } from '../start/start-migration.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';
import type { Verb } from '../verb.js';

/** `longhaul start FILE` */
export const start: Verb = {
  name: 'start',
  summary: 'starts the migration of a file, or attaches to it',
  description:
    'Reads the migration file and its units, stages the units under the control prefix and starts the migration. If ' +
    'it is already running or has ended, that is reported and nothing moves. With --again, the next round of one ' +
    'that has ended begins: units are read and their blobs found again, and an object is moved only if its blobs ' +
    'have changed (`target.overwrite` says what may be replaced).',
  operands: [{ name: 'file', description: 'the migration file' }],
  options: ['watch', 'again'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_WEB_UI',
    'LONGHAUL_ALLOW_INSECURE_ENDPOINTS',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'start migration.yaml', does: 'start the migration and return' },
    { line: 'start migration.yaml --watch', does: 'start it or attach to it, and show progress until it ends' },
    { line: 'start migration.yaml --again', does: 'move what has been added or changed since the last round' },
    { line: 'start migration.yaml --watch --json', does: 'the same, with a JSON document of the outcome' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const path = operands[0] ?? '';
    const { again } = options;
    const file = await readMigrationFile(path);
    const temporal = await context.connectTemporal(context.environment);
    try {
      if (options.watch) {
        const document = await startAndFollow(context, { file, temporal, printer, again });
        printer.document(document);
        return exitStatusOfPhase(document);
      }
      const started = await startMigration(context, { file, temporal, printer, again });
      printer.say(outcomeText(started));
      await reportMigration({ context, printer }, started.document, started.firstFailed);
      if (started.outcome !== 'ended') {
        printer.say(`  Watch it with \`${context.invocation} watch ${started.document.name}\`.`);
        await warnWithoutWorkers(context, temporal, started);
      }
      printer.document(started.document);
      return exitStatusOfPhase(started.document);
    } finally {
      await temporal.close();
    }
  },
};

const workersAskedTimes = 3;

/** Waits a moment for workers that are just starting. */
async function warnWithoutWorkers(
  context: CommandContext,
  temporal: TemporalPort,
  { document }: StartedMigration,
): Promise<void> {
  if (document.phase !== 'preparing') return;
  for (let asked = 0; asked < workersAskedTimes; asked += 1) {
    if (asked > 0) await context.sleep(1_000, context.signal);
    if (await temporal.isPolled()) return;
  }
  context.err.write(`${noWorkersWarning(temporal.taskQueue)}\n`);
}
