import { exitStatusOfPhase } from '../status/exit-status-of-phase.js';
import { reportMigration } from '../status/report-migration.js';
import { readMigrationFile } from '../migration/read-migration-file.js';
import { startAndFollow } from '../start/start-and-follow.js';
import { noWorkersWarning } from '../status/follow-migration.js';
import { outcomeText, startMigration, type StartedMigration } from '../start/start-migration.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';
import type { Verb } from '../verb.js';

/** `longhaul start FILE` */
export const start: Verb = {
  name: 'start',
  summary: 'starts the migration of a file, or attaches to it',
  description:
    'Reads the migration file and its units, stages them under the control prefix and starts the migration. One that runs or ' +
    'has ended is reported, and nothing moves. With --again the next round of one that has ended begins: the units are read and their ' +
    'blobs found anew, and an object is only moved where its blobs have changed (`target.overwrite` says what may be replaced).',
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
    { line: 'start migration.yaml', does: 'start it and return' },
    { line: 'start migration.yaml --watch', does: 'start or attach, and show progress to the end' },
    { line: 'start migration.yaml --again', does: 'move what has been added or changed since the last round' },
    { line: 'start migration.yaml --watch --json', does: 'the same, with a document of the outcome' },
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

/** Workers that start at the same time are given a moment. */
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
