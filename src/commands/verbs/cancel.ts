import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { isRootOf } from '../control-of.js';
import { exitStatus } from '../ending/exit-status.js';
import { formatDuration } from '../screen/format.js';
import { noWorkersWarning } from '../status/follow-migration.js';
import { migrationOperand, parseMigrationArgument } from '../migration/migration-argument.js';
import type { Printer } from '../screen/printer.js';
import { readMigrationFile } from '../migration/read-migration-file.js';
import { renderStatus } from '../status/render-status.js';
import { documentOfRoot } from '../status/status-document.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';
import type { Verb } from '../verb.js';

/** `longhaul cancel NAME|FILE` */
export const cancel: Verb = {
  name: 'cancel',
  summary: 'stops a migration; what is done stays',
  description:
    'Asks Temporal to cancel the migration and waits until all of it has ended. Objects that are finished and the ledger stay. ' +
    'Ctrl-C ends the waiting, not the cancelling.',
  operands: [migrationOperand],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_WEB_UI'],
  examples: [
    { line: 'cancel orders', does: 'stop the migration "orders"' },
    { line: 'cancel orders --json', does: 'the same, with a document of where it stands then' },
  ],
  run: async ({ context, printer, operands }) => {
    const isMine = await whose(operands[0] ?? '');
    const temporal = await context.connectTemporal(context.environment);
    try {
      const { name } = isMine;
      const found = await knownRoot(temporal, isMine);
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

/** A migration by its name, and which roots of that name are its own. */
interface Whose {
  readonly name: string;
  readonly owns: (root: RootDescription) => boolean;
}

async function whose(text: string): Promise<Whose> {
  const argument = parseMigrationArgument(text);
  if (argument.kind === 'name') return { name: argument.name, owns: () => true };
  const { definition } = await readMigrationFile(argument.path);
  return { name: definition.name, owns: (root) => isRootOf(root, definition) };
}

async function knownRoot(temporal: TemporalPort, { name, owns }: Whose): Promise<RootDescription> {
  const root = await temporal.describeRoot(name);
  if (root !== undefined && owns(root)) return root;
  throw new CommandError(
    exitStatus.noSuchMigration,
    `Temporal at ${temporal.address}, namespace ${temporal.namespace}, knows no migration ${name}: there is nothing to cancel`,
    { next: '`longhaul list` names those that it knows' },
  );
}

const pollEveryMs = 1_000;
// The workers must take note for a migration to end as cancelled.
const workersExpectedWithinMs = 5_000;
// A server that is started again is back within seconds; a longer silence needs somebody.
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
      if (root === undefined) throw new CommandError(exitStatus.noSuchMigration, `Temporal has forgotten ${name}`);
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
  if (found.state !== 'running') return `The migration ${name} has ended already; there was nothing to cancel.`;
  if (ended.state !== 'cancelled') return `The migration ${name} ended by itself before it could be cancelled.`;
  const took = Date.parse(ended.endedAt ?? '') - Date.parse(ended.startedAt);
  return `Cancelled the migration ${name} after ${formatDuration(took)}. What is done stays.`;
}
