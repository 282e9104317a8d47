/**
 * @typedef {{
 *   means: string,
 *   retry: 'no' | 'yes' | 'after',
 *   scope: string,
 *   exit: number,
 *   hint: string,
 *   confirm?: true,
 *   blocks?: true,
 * }} FailureRow
 */

/** What stops, by scope, in the order of the page. */
const sections = {
  unit: ['The unit', 'The content, the blobs or the key of one unit is at fault. It fails; the other units continue.'],
  account: ['A source account', 'Requests to one account fail. Its units wait; those of other accounts continue.'],
  target: ['The target', 'Requests to the target fail. Everything that needs it waits.'],
  worker: ['A worker', 'The process is short of something. Other workers continue.'],
  slice: ['A slice', 'One attempt at a slice ends. The next one continues where it was.'],
  migration: ['The migration', 'Nothing moves until the cause is removed, or nothing has been started at all.'],
};

/**
 * Writes the page of the failure classes from their table.
 *
 * @param {Record<string, FailureRow>} classes
 */
export function failureDocs(classes) {
  return [
    '# Failure classes',
    '<!-- Written from src/domain/failure-classes.ts by scripts/failure-docs.mjs: change that, and run it. -->',
    'Every failure has one of these classes: in `longhaul failures` and `longhaul status`, in receipts, in the Web ' +
      'UI and in JSON. The headings say where the fault lies, which decides what stops. ' +
      '`longhaul retry NAME --class CLASS` moves the failed units of a class again; the beginning of a class, such ' +
      'as `CorruptInput`, is enough. [Faults and bad input](faults.md) names the test of each fault.',
    'The column _tried again_ says what Longhaul does by itself:',
    [
      '- **no**: the same input fails in the same way.',
      '- **once**: the unit is moved once more before it counts as failed, so that no network fault is blamed on ' +
        'the blob.',
      '- **soon**: after a moment, then at growing intervals, for as long as `limits.unitPatience` allows.',
      '- **later**: after a longer delay; you need not do anything.',
      '- **blocked**: it waits for you, and no unit fails. It is tried at growing intervals of up to 10 minutes, or ' +
        'at once after `longhaul resume NAME`.',
    ].join('\n'),
    '_Exit_ is the exit status of a command that ends because of this class alone.',
    ...Object.entries(sections).flatMap(([scope, [title = '', text = '']]) => [
      `## ${title}`,
      text,
      table(Object.entries(classes).filter(([, row]) => row.scope === scope)),
    ]),
  ].join('\n\n');
}

/** @param {readonly [string, FailureRow][]} rows */
function table(rows) {
  return [
    ['class', 'what happened', 'tried again', 'what to do', 'exit'],
    ['---', '---', '---', '---', '---'],
    ...rows.map(([name, row]) => [`\`${name}\``, row.means, triedAgain(row), row.hint, String(row.exit)]),
  ]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** @param {FailureRow} row */
function triedAgain({ retry, confirm, blocks }) {
  if (blocks) return 'blocked';
  if (confirm) return 'once';
  return { no: 'no', yes: 'soon', after: 'later' }[retry];
}
