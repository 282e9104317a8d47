import { exitStatusOfPhase, isWithoutWorkers } from '../status/exit-status-of-phase.js';
import { expectWorkers } from '../status/expect-workers.js';
import { reportMigration } from '../status/report-migration.js';
import { readMigrationFile } from '../migration/read-migration-file.js';
import { startAndFollow } from '../start/start-and-follow.js';
import { noWorkersWarning } from '../migration/no-workers.js';
import { outcomeText, startMigration, type StartedMigration } from '../start/start-migration.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';
import type { StatusDocument } from '../status/status-document.js';
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
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_WEB_UI',
    'LONGHAUL_ALLOW_INSECURE_ENDPOINTS',
    'LONGHAUL_TRUSTED_HOSTS',
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
  },
};

/** Asks at once whether workers are there: nobody wants to start a migration, go home, and find that nobody worked on it. */
async function withWorkers(
  context: CommandContext,
  temporal: TemporalPort,
  { document, root }: StartedMigration,
): Promise<StatusDocument> {
  return root === undefined ? document : await expectWorkers(context, temporal, { atOnce: true })(document, root);
}
