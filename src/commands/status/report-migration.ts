import type { CommandContext } from '../ports/context.js';
import type { Printer } from '../screen/printer.js';
import { failureWords, renderStatus } from './render-status.js';
import type { StatusDocument } from './status-document.js';
import type { LedgerSums } from '../../control/ledger/sum-ledgers.js';

/**
 * Tells where a migration stands after `start`. Why it failed goes to standard error, as every error does. `failed`
 * reads the receipts of failed units.
 */
export async function reportMigration(
  { context, printer }: { readonly context: Pick<CommandContext, 'out' | 'err' | 'now'>; readonly printer: Printer },
  document: StatusDocument,
  failed: () => Promise<LedgerSums['firstFailed']>,
): Promise<void> {
  const { failure, ...rest } = document;
  printer.say(renderStatus(rest, context.out.style, context.now()));
  if (failure !== undefined) {
    const { text, next } = failureWords(failure);
    const { style } = context.err;
    printer.note(`${style.bad('longhaul:')} The migration ${document.name} failed: ${text}`);
    if (next !== null) printer.note(`  next: ${next}`);
  }
  if (document.phase !== 'completed-with-failures') return;
  const receipts = await failed();
  for (const receipt of receipts) {
    printer.say(`  failed ${receipt.id}: ${receipt.class ?? 'Unexpected'}: ${receipt.message ?? ''}`);
  }
  const more = document.units.failed - receipts.length;
  if (more > 0) printer.say(`  … and ${String(more)} more`);
}
