import type { CommandContext } from '../ports/context.js';
import type { LedgerSums } from '../../control/ledger/sum-ledgers.js';
import type { Printer } from '../screen/printer.js';
import { nextStep } from './next-step.js';
import { failureText, renderStatus, statusView } from './render-status.js';
import type { StatusDocument } from './status-document.js';

/** What `reportMigration` needs to know besides the document. */
export interface ReportRequest {
  readonly printer: Printer;
  /** NAME or FILE, as the user gave it. */
  readonly operand: string;
  /** Reads the receipts of failed units. */
  readonly failed: () => Promise<LedgerSums['firstFailed']>;
}

/**
 * Prints where a migration stands after `start`. Why it has failed, and what to do next, goes to standard error, as
 * with every error.
 */
export async function reportMigration(
  context: Pick<CommandContext, 'out' | 'err' | 'now' | 'invocation'>,
  document: StatusDocument,
  { printer, operand, failed }: ReportRequest,
): Promise<void> {
  const { err } = context;
  const view = statusView(context, operand);
  printer.say(renderStatus(document, { ...view, isFailureKnown: true }));
  if (document.failure !== undefined) {
    printer.warn(
      `${err.style.bad('longhaul:')} The migration ${document.name} failed: ${failureText(document.failure)}`,
    );
    printer.warn(`  next: ${nextStep(document, view)}`);
  }
  if (document.phase !== 'completed-with-failures') return;
  const receipts = await failed();
  for (const receipt of receipts) {
    printer.say(`  failed ${receipt.id}: ${receipt.class ?? 'Unexpected'}: ${receipt.message ?? ''}`);
  }
  const more = document.units.failed - receipts.length;
  if (more > 0) printer.say(`  … and ${String(more)} more`);
}
