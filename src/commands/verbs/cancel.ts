import { exitStatus } from '../ending/exit-status.js';
import { formatDuration } from '../../domain/text/format.js';
import { requireRoot } from '../migration/find-root.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import { followMigration } from '../status/follow-migration.js';
import { renderStatus, statusView } from '../status/render-status.js';
import { documentOfRoot, type StatusDocument } from '../status/status-document.js';
import type { RootDescription } from '../ports/temporal-port.js';
import type { Verb } from '../verb.js';

/** `longhaul cancel NAME|FILE` */
export const cancel: Verb = {
  name: 'cancel',
  summary: 'stops a migration; finished objects stay',
  description:
    'Asks Temporal to cancel the migration and waits until all of it has ended. Finished objects and the ledger ' +
    'stay. Ctrl-C ends the waiting, not the cancelling.',
  operands: [migrationOperand],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'LONGHAUL_WEB_UI'],
  examples: [
    { line: 'cancel orders', does: 'stop the migration "orders"' },
    { line: 'cancel orders --json', does: 'the same, with a JSON document of its final state' },
  ],
  run: async ({ context, printer, operands }) => {
    const operand = operands[0] ?? '';
    const named = await namedMigration(operand);
    const temporal = await context.connectTemporal(context.environment);
    try {
      const { name } = named;
      const found = await requireRoot(temporal, named);
      const subject = { name, namespace: temporal.namespace, webUi: context.environment.webUi };
      if (found.state === 'running') {
        await temporal.cancelRoot(name, found.runId);
        printer.note(`Asked Temporal to cancel the migration ${name}; waiting until all of it has ended.`);
      }
      const document =
        found.state === 'running'
          ? await followMigration(context, { subject, total: found.memo?.total ?? 0, temporal })
          : documentOfRoot(subject, found);
      printer.say(outcome(name, found, document));
      printer.say(renderStatus(document, statusView(context, operand)));
      printer.document(document);
      return exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

function outcome(name: string, found: RootDescription, { phase, startedAt, endedAt }: StatusDocument): string {
  if (found.state !== 'running') return `The migration ${name} has already ended; there was nothing to cancel.`;
  if (phase !== 'cancelled') return `The migration ${name} ended by itself before it could be cancelled.`;
  const took = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
  return `Cancelled the migration ${name} after ${formatDuration(took)}. Finished objects stay.`;
}
