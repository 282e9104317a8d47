import type { CommandContext } from '../ports/context.js';
import { followMigration, leavingWords } from '../status/follow-migration.js';
import { reportMigration } from '../status/report-migration.js';
import { outcomeText, startMigration, type StartRequest } from './start-migration.js';
import type { StatusDocument } from '../status/status-document.js';

/**
 * Starts or finds the migration of a file, shows its progress to the end, says how it ended, and returns its last
 * document. Rejects with `Interrupted` on Ctrl-C, after saying that the migration continues.
 */
export async function startAndFollow(context: CommandContext, request: StartRequest): Promise<StatusDocument> {
  const { temporal, printer } = request;
  const started = await startMigration(context, request);
  const { name, webUi } = started.document;
  printer.say(outcomeText(started));
  if (webUi !== null && started.outcome !== 'ended') printer.say(`  Web UI  ${webUi}`);
  const subject = { name, namespace: temporal.namespace, webUi: context.environment.webUi };
  try {
    const document =
      started.outcome === 'ended'
        ? started.document
        : await followMigration(context, { subject, total: started.total, temporal });
    const operand = started.outcome === 'ended' ? request.file.path : name;
    await reportMigration(context, document, { printer, operand, failed: started.firstFailed });
    return document;
  } catch (error) {
    const words = leavingWords(error, name, context.invocation);
    if (words !== undefined) printer.note(words);
    throw error;
  }
}
