import { failureClassRow } from '../../domain/failure-classes.js';
import { exitStatus } from '../ending/exit-status.js';
import { failedUnits } from '../migration/failed-units.js';
import { findRound } from '../migration/find-round.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import type { Verb } from '../verb.js';

/** `longhaul failures NAME|FILE` */
export const failures: Verb = {
  name: 'failures',
  summary: 'lists the failed units of a migration, and what to do',
  description:
    'Reads the ledger and lists every unit that has failed and that no later round has moved: class, message, blob, ' +
    'and what to do.',
  operands: [migrationOperand],
  options: ['csv'],
  variables: ['TEMPORAL_ADDRESS', 'AWS_PROFILE'],
  examples: [
    { line: 'failures orders', does: 'for people' },
    { line: 'failures orders --csv', does: 'for a spreadsheet' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const named = await namedMigration(operands[0] ?? '');
    const temporal = await context.connectTemporal(context.environment);
    try {
      const found = await findRound(context, temporal, named);
      const rows = (await failedUnits(context, found, { printer })).map(({ record, receipt }) => {
        const failureClass = receipt.class ?? 'Unexpected';
        const { id, key, message = '', blob = null } = receipt;
        return {
          id,
          key,
          class: failureClass,
          message,
          blob,
          round: record.round,
          next: failureClassRow(failureClass).hint,
        };
      });
      if (options.csv) {
        printer.say(csvLine(['id', 'key', 'class', 'message', 'blob', 'round', 'next']));
        for (const row of rows) {
          const { id, key, message, blob, round, next } = row;
          printer.say(csvLine([id, key, row.class, message, blob ?? '', String(round), next]));
        }
      } else if (rows.length === 0) printer.say(`No unit of the migration ${found.name} has failed.`);
      else {
        for (const row of rows) {
          printer.say(`${row.id}: ${row.class}: ${row.message}${row.blob === null ? '' : ` (${row.blob})`}`);
          printer.say(`  next: ${row.next}`);
        }
      }
      printer.document({ name: found.name, failures: rows });
      return rows.length > 0 ? exitStatus.failedUnits : exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

/**
 * Writes a line of CSV (RFC 4180). A text that a spreadsheet would evaluate as a formula is quoted with an apostrophe.
 */
function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
