import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { formatDuration } from '../screen/format.js';
import { requireRoot } from '../migration/find-root.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import { noWorkersWarning } from '../migration/no-workers.js';
import type { Printer } from '../screen/printer.js';
import { renderStatus } from '../status/render-status.js';
import { documentOfRoot } from '../status/status-document.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';
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
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_WEB_UI'],
  examples: [
    { line: 'cancel orders', does: 'stop the migration "orders"' },
    { line: 'cancel orders --json', does: 'the same, with a JSON document of where it stands then' },
  ],
  run: async ({ context, printer, operands }) => {
    const named = await namedMigration(operands[0] ?? '');
    const temporal = await context.connectTemporal(context.environment);
    try {
      const { name } = named;
      const found = await requireRoot(temporal, named);
      if (found.state === 'running') {
        await temporal.cancelRoot(name, found.runId);
        printer.note(`Asked Temporal to cancel the migration ${name}; waiting until all of it has ended.`);
      }
      const ended = found.state === 'running' ? await untilEnded(context, { name, temporal, printer }) : found;
      const subject = { name, namespace: temporal.namespace, webUi: context.environment.webUi };
      const document = documentOfRoot(subject, ended);
      printer.say(outcome(name, found, ended));
      printer.say(renderStatus(document, context.out.style, context.now()));
      printer.document(document);
      return exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

const pollEveryMs = 1_000;
// A migration ends as cancelled only after workers have heard of it.
const workersExpectedWithinMs = 5_000;
// A server that restarts is back within seconds. After a longer silence somebody has to look.
const silenceMaxMs = 10 * 60_000;

async function untilEnded(
  { now, sleep, signal }: CommandContext,
  { name, temporal, printer }: { name: string; temporal: TemporalPort; printer: Printer },
): Promise<RootDescription> {
  const askedAtMs = now();
  let answeredAtMs = askedAtMs;
  let warned = false;
  for (;;) {
    await sleep(pollEveryMs, signal);
    try {
      const root = await temporal.describeRoot(name);
      if (root === undefined)
        throw new CommandError(exitStatus.noSuchMigration, `Temporal no longer knows the migration ${name}`);
      if (root.state !== 'running') return root;
      answeredAtMs = now();
      if (!warned && now() - askedAtMs >= workersExpectedWithinMs) {
        warned = true;
        if (!(await temporal.isPolled())) printer.note(noWorkersWarning(temporal.taskQueue));
      }
    } catch (error) {
      const isSilence = error instanceof CommandError && error.exitStatus === exitStatus.unreachable;
      if (!isSilence || now() - answeredAtMs > silenceMaxMs) throw error;
    }
  }
}

function outcome(name: string, found: RootDescription, ended: RootDescription): string {
  if (found.state !== 'running') return `The migration ${name} has already ended; there was nothing to cancel.`;
  if (ended.state !== 'cancelled') return `The migration ${name} ended by itself before it could be cancelled.`;
  const took = Date.parse(ended.endedAt ?? '') - Date.parse(ended.startedAt);
  return `Cancelled the migration ${name} after ${formatDuration(took)}. Finished objects stay.`;
}
