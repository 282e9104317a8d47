import type { Phase } from '../../domain/figures/progress.js';
import { isFinalPhase } from '../../domain/figures/progress.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { exitStatusOfPhase } from '../status/exit-status-of-phase.js';
import { followMigration, leavingWords } from '../status/follow-migration.js';
import { migrationOperand } from '../migration/named-migration.js';
import type { Printer } from '../screen/printer.js';
import { shellWord } from '../screen/shell-word.js';
import { renderStatus, statusView } from '../status/render-status.js';
import type { StatusDocument } from '../status/status-document.js';
import { findStatus } from '../status/find-status.js';
import type { Verb } from '../verb.js';

/** `longhaul watch NAME|FILE` */
export const watch: Verb = {
  name: 'watch',
  summary: 'shows the progress of a migration until it ends',
  description:
    'Shows live progress bars, or a line every 10 s if there is no terminal, until the migration ends or reaches ' +
    'the phase given with --until. The exit status tells the phase. Ctrl-C leaves the migration running.',
  operands: [migrationOperand],
  options: ['until'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'LONGHAUL_WEB_UI', 'AWS_PROFILE'],
  examples: [
    { line: 'watch orders', does: 'show the progress of the migration "orders" until it ends' },
    { line: 'watch orders --until blocked', does: 'return with status 7 when it needs you, or when it ends' },
    { line: 'watch orders --json', does: 'one JSON document per line, for scripts' },
  ],
  documentLines: true,
  run: async ({ context, printer, operands, options }) => {
    const argument = operands[0] ?? '';
    const first = await findStatus(context, argument);
    const document = await watchOn(context, { first, argument, until: options.until, printer });
    printer.say(renderStatus(document, statusView(context, argument)));
    return exitStatusOfPhase(document);
  },
};

// As often as people see a line. A change of phase is printed at once.
const documentEveryMs = 10_000;

async function watchOn(
  context: CommandContext,
  request: { first: StatusDocument; argument: string; until: Phase | undefined; printer: Printer },
): Promise<StatusDocument> {
  const { first, argument, until, printer } = request;
  const { name, webUi } = first;
  if (isFinalPhase(first.phase) || first.phase === until) {
    printer.document(first);
    return first;
  }
  if (first.runId === null) {
    throw new CommandError(exitStatus.noSuchMigration, `The migration ${name} is staged, but has never been started`, {
      next: `start it: \`${context.invocation} start ${shellWord(argument)}\``,
    });
  }
  if (webUi !== null) printer.note(`Web UI  ${webUi}`);
  const temporal = await context.connectTemporal(context.environment);
  const documents = documentsNowAndThen(context, printer);
  try {
    const subject = { name, namespace: temporal.namespace, webUi: context.environment.webUi };
    const request = { subject, total: first.units.total, temporal, operand: argument, until, seen: documents.seen };
    const last = await followMigration(context, request);
    documents.last(last);
    return last;
  } catch (error) {
    const words = leavingWords(error, name, context.invocation);
    if (words !== undefined) printer.note(words);
    throw error;
  } finally {
    await temporal.close();
  }
}

/** Prints the first document, then one whenever the phase changes or ten seconds have passed, and the last. */
function documentsNowAndThen({ now }: Pick<CommandContext, 'now'>, printer: Printer) {
  let nextAtMs = -Infinity;
  let printed: StatusDocument | undefined;
  const print = (document: StatusDocument): void => {
    nextAtMs = now() + documentEveryMs;
    printed = document;
    printer.document(document);
  };
  return {
    seen: (document: StatusDocument): void => {
      if (document.phase !== printed?.phase || now() >= nextAtMs) print(document);
    },
    last: (document: StatusDocument): void => {
      if (document !== printed) print(document);
    },
  };
}
