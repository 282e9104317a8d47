import { migrationOf, plannedMigration } from '../../domain/ids.js';
import { formatChange, describeChanges } from '../../definition/describe-changes.js';
import { definitionDigest } from '../../definition/definition-digest.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { findRoot } from '../migration/find-root.js';
import { findRound, type FoundRound } from '../migration/find-round.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import { askRunningRoot } from '../migration/ask-root.js';
import { startRoot } from '../start/start-root.js';
import { ownRoot } from '../migration/own-root.js';
import type { Verb } from '../verb.js';

/** `longhaul resume NAME|FILE` */
export const resume: Verb = {
  name: 'resume',
  summary: 'continues a paused, blocked, cancelled or lost migration',
  description:
    'Releases a migration that is paused or blocked. One that was cancelled or terminated, has failed, or was lost ' +
    'with its Temporal server continues from its ledger: units with a receipt are not moved again. With FILE, that ' +
    'works on any Temporal server.',
  operands: [migrationOperand],
  options: ['acceptFailures'],
  variables: [
    'TEMPORAL_ADDRESS',
    'LONGHAUL_PAYLOAD_CODEC',
    'LONGHAUL_TASK_QUEUE',
    'LONGHAUL_CANCEL_PATIENCE',
    'AWS_PROFILE',
  ],
  examples: [
    { line: 'resume orders', does: 'continue after a pause, a cancel or what blocked it' },
    { line: 'resume orders --accept-failures', does: 'continue although too many units have failed' },
    { line: 'resume migration.yaml', does: 'continue after Temporal has lost it, or on another server' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const named = await namedMigration(operands[0] ?? '');
    const { acceptFailures } = options;
    const temporal = await context.connectTemporal(context.environment);
    try {
      const { name } = named;
      // The stores may not answer, and a running root needs none of them.
      const root = await findRoot(temporal, named);
      if (root?.state === 'running') {
        const argument = acceptFailures ? { acceptFailures } : {};
        const answer = await askRunningRoot(context, temporal, root, { kind: 'resume', argument });
        printer.say(`The migration ${name} continues; it is ${answer.phase}.`);
        printer.document({ name, outcome: 'released', ...answer });
        return exitStatus.done;
      }
      const found = await findRound(context, temporal, named);
      const { staged } = found;
      refuseClosed(found);
      refuseChanged(found);
      if (found.file !== undefined) await ownRoot(context, found.file, temporal);
      const { runId } = await startRoot(context, { staged, temporal, acceptFailures });
      const { round } = staged.record;
      printer.say(`The migration ${name} continues from its ledger, in round ${String(round)}.`);
      printer.document({ name, outcome: 'restarted', round, runId });
      return exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

function refuseClosed({ name, staged: { summary } }: FoundRound): void {
  if (summary === undefined) return;
  throw new CommandError(
    exitStatus.usage,
    `The migration ${name} has ended as ${summary.phase}: there is nothing to resume`,
    {
      next:
        summary.tally.units.failed > 0 && plannedMigration(name) === undefined
          ? `move its failed units again: \`longhaul retry ${migrationOf(name)}\``
          : `look at it: \`longhaul status ${name}\``,
    },
  );
}

/** The rest of a round must be moved as its beginning was. */
function refuseChanged({ name, staged: { record }, file }: FoundRound): void {
  if (file === undefined || definitionDigest(file.definition) === record.definitionDigest) return;
  const changes = describeChanges(record.definition, file.definition).map((change) => `  ${formatChange(change)}`);
  throw new CommandError(
    exitStatus.usage,
    [`The migration ${name} was started with another definition:`, ...changes].join('\n'),
    { next: 'undo the change, and resume again' },
  );
}
