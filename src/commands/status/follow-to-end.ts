import { isFinalPhase } from '../../domain/figures/progress.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';
import { exitStatusOfPhase } from './exit-status-of-phase.js';
import { followMigration, leavingWords } from './follow-migration.js';
import { nextStep } from './next-step.js';
import { failureText } from './render-status.js';
import type { StatusDocument } from './status-document.js';

/**
 * Shows the progress of a root that has a result, such as that of a plan, until it has ended. Rejects if it needs
 * somebody, or does not complete.
 */
export async function followToEnd(
  context: CommandContext,
  { name, total }: { readonly name: string; readonly total: number },
  temporal: TemporalPort,
): Promise<void> {
  const subject = { name, namespace: temporal.namespace, webUi: context.environment.webUi };
  try {
    const document = await followMigration(context, { subject, total, temporal, until: 'blocked' });
    const { phase } = document;
    if (phase !== 'completed' && phase !== 'completed-with-failures') throw unfinished(context, document);
  } catch (error) {
    const words = leavingWords(error, name, context.invocation);
    if (words !== undefined) context.err.write(`${words}\n`);
    throw error;
  }
}

function unfinished({ invocation }: CommandContext, document: StatusDocument): CommandError {
  const { name, phase, failure, blocked } = document;
  const [first] = blocked;
  const why = failure !== undefined ? `: ${failureText(failure)}` : first && `: ${first.what}: ${first.message}`;
  const state = isFinalPhase(phase) ? `has ended as ${phase}` : `is ${phase}`;
  return new CommandError(exitStatusOfPhase(document), `${name} ${state}${why ?? ''}`, {
    next: nextStep(document, { invocation, operand: name }),
  });
}
