import { failureClassRow } from '../../domain/failure-classes.js';
import { plannedMigration, verifiedMigration } from '../../domain/ids.js';
import { exitStatus } from '../ending/exit-status.js';
import { failedUnits, type FailedUnit } from '../migration/failed-units.js';
import { findRound } from '../migration/find-round.js';
import { matchesClass } from '../migration/matches-class.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import { csvLine } from '../screen/csv-line.js';
import { alignRows } from '../screen/align-rows.js';
import { formatCount } from '../../domain/text/format.js';
import { shellWord } from '../screen/shell-word.js';
import type { Verb } from '../verb.js';

/** `longhaul failures NAME|FILE` */
export const failures: Verb = {
  name: 'failures',
  summary: 'lists the failed units of a migration, and what to do',
  description:
    'Reads the ledger and lists every unit that has failed and that no later round has moved: sums by class, then ' +
    'class, message and blob of each, and what to do, with lines to paste. As text, it lists at most 50 units.',
  operands: [migrationOperand],
  options: ['class', 'csv'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'AWS_PROFILE'],
  examples: [
    { line: 'failures orders', does: 'all failed units, with sums by class' },
    { line: 'failures orders --class Corrupt', does: 'only those whose class begins with Corrupt' },
    { line: 'failures orders --csv', does: 'for a spreadsheet' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const operand = operands[0] ?? '';
    const isWanted = matchesClass(options.class);
    const named = await namedMigration(operand);
    const temporal = await context.connectTemporal(context.environment);
    try {
      const found = await findRound(context, temporal, named);
      const rows = (await failedUnits(context, found, { printer }))
        .map(failureRow)
        .filter((row) => isWanted(row.class));
      const classes = sumsByClass(rows);
      if (options.csv) for (const line of csvLines(rows)) printer.say(line);
      else if (rows.length === 0) printer.say(noFailures(found.name, options.class));
      else {
        printer.say(sumsText(rows, classes));
        for (const row of rows.slice(0, shownMax)) printer.say(`${row.id}: ${row.class}: ${row.message}${place(row)}`);
        if (rows.length > shownMax) printer.say(moreUnits(rows.length - shownMax));
        printer.say(linesToPaste(rows, classes, { invocation: context.invocation, operand }));
      }
      printer.document({ name: found.name, classes, failures: rows });
      return rows.length > 0 ? exitStatus.failedUnits : exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

// Nobody reads more of them, and the sums and the lines to paste must fit on a screen or two.
const shownMax = 50;

type FailureRow = ReturnType<typeof failureRow>;
type ClassSum = ReturnType<typeof sumsByClass>[number];

function failureRow({ record, receipt }: FailedUnit) {
  const failureClass = receipt.class ?? 'Unexpected';
  const { id, key, message = '', blob = null } = receipt;
  return { id, key, class: failureClass, message, blob, round: record.round, next: failureClassRow(failureClass).hint };
}

/** Counts failed units by class, the most frequent first. */
function sumsByClass(rows: readonly FailureRow[]) {
  const counts = new Map<FailureRow['class'], number>();
  for (const row of rows) counts.set(row.class, (counts.get(row.class) ?? 0) + 1);
  return [...counts]
    .map(([failureClass, units]) => ({ class: failureClass, units, next: failureClassRow(failureClass).hint }))
    .sort((a, b) => b.units - a.units || (a.class < b.class ? -1 : 1));
}

function noFailures(name: string, prefix: string | undefined): string {
  const how = prefix === undefined ? '' : ` with a class that begins with ${prefix}`;
  return `No unit of the migration ${name} has failed${how}.`;
}

function sumsText(rows: readonly FailureRow[], classes: readonly ClassSum[]): string {
  return [
    `${formatCount(rows.length)} failed unit${rows.length === 1 ? '' : 's'}, by class:`,
    ...alignRows(classes.map((each) => [`  ${formatCount(each.units)}`, each.class, each.next])),
  ].join('\n');
}

function moreUnits(count: number): string {
  return `... and ${formatCount(count)} more: --class lists those of one class, --csv and --json list all.`;
}

function linesToPaste(
  rows: readonly FailureRow[],
  classes: readonly ClassSum[],
  { invocation, operand }: { readonly invocation: string; readonly operand: string },
): string {
  const word = shellWord(operand);
  const verified = verifiedMigration(operand);
  if (verified !== undefined) return `To move these again and replace them: \`${invocation} retry ${verified}\``;
  if (plannedMigration(operand) !== undefined) return `To plan them again: \`${invocation} plan FILE --again\``;
  return [
    ...decodeLines(rows, `${invocation} decode`, operand),
    'To move them again, once the cause is gone:',
    ...classes.map((each) => `  ${invocation} retry ${word} --class ${each.class}`),
    'Or one unit alone; `trace` shows what has happened to it so far:',
    ...examples(rows, classes).flatMap(({ id }) => [
      `  ${invocation} retry ${word} --unit ${shellWord(id)}`,
      `  ${invocation} trace ${word} ${shellWord(id)}`,
    ]),
  ].join('\n');
}

// More lines than these would hide the others.
const examplesMax = 3;

/** Returns the first unit of each of the most frequent classes. */
function examples(rows: readonly FailureRow[], classes: readonly ClassSum[]): readonly FailureRow[] {
  return classes
    .slice(0, examplesMax)
    .map((each) => rows.find((row) => row.class === each.class))
    .filter((row) => row !== undefined);
}

/** The message mostly names the blob already. */
function place({ message, blob }: FailureRow): string {
  return blob === null || message.includes(blob) ? '' : ` (${blob})`;
}

// Whoever has looked into three damaged blobs knows what is wrong with the rest.
const decodeLinesMax = 3;

function decodeLines(rows: readonly FailureRow[], command: string, operand: string): readonly string[] {
  const file = /[./]/.test(operand) ? shellWord(operand) : 'FILE';
  const damaged = rows.filter((row) => row.blob !== null && row.class.startsWith('CorruptInput'));
  if (damaged.length === 0) return [];
  return [
    'To look into a damaged blob:',
    ...damaged
      .slice(0, decodeLinesMax)
      .map(({ blob }) => `  ${command} ${shellWord(`az://${blob ?? ''}`)} --migration ${file} --json`),
  ];
}

function* csvLines(rows: readonly FailureRow[]): Generator<string> {
  yield csvLine(['id', 'key', 'class', 'message', 'blob', 'round', 'next']);
  for (const row of rows) {
    yield csvLine([row.id, row.key, row.class, row.message, row.blob ?? '', String(row.round), row.next]);
  }
}
