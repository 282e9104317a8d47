/**
 * The tables of the command line, as `src/commands` has them; only what the page shows.
 *
 * @typedef {{ name: string, description: string, optional?: true }} Operand
 * @typedef {{
 *   name: string,
 *   summary: string,
 *   description?: string,
 *   operands: readonly Operand[],
 *   options: readonly string[],
 *   variables: readonly string[],
 *   examples: readonly { line: string, does: string }[],
 *   documentLines?: true,
 * }} Verb
 * @typedef {{
 *   flags: string,
 *   description: string,
 *   fallback: boolean | number | string | undefined,
 *   fallbackText?: string,
 *   choices?: readonly string[],
 * }} Option
 * @typedef {{
 *   summary: string,
 *   options: Record<string, { flags: string, description: string, fallback: string }>,
 *   variables: Record<string, string>,
 *   sdkVariables: Record<string, string>,
 *   examples: readonly { line: string, does: string }[],
 *   signals: string,
 *   statuses: Record<number, string>,
 * }} WorkerTable
 * @typedef {{
 *   verbs: readonly Verb[],
 *   groups: Record<string, string>,
 *   options: Record<string, Option>,
 *   variables: Record<string, string>,
 *   generalVariables: Record<string, string>,
 *   worker: WorkerTable,
 *   statuses: Record<string, number>,
 *   meanings: Record<string, string>,
 * }} Tables
 */

/**
 * Writes the page of the command line from its tables.
 *
 * @param {Tables} tables
 */
export function cliDocs({ verbs, groups, options, variables, generalVariables, worker, statuses, meanings }) {
  return [
    '# The command line',
    '<!-- Written from the tables in src/commands and src/worker by scripts/cli-docs.mjs: ' +
      'change those, and run it. -->',
    'In a checkout, run `longhaul` as `npx --no-install longhaul`. Options take precedence over environment ' +
      'variables, and these over defaults.',
    'Every verb takes `--help` (`-h`); `--json`, which prints one JSON document on standard output and nothing ' +
      'else there; and `--debug`, which shows the stack of an error. ' +
      'Progress goes to standard error; with `--json`, only warnings and errors do. A verb that takes the name of a ' +
      'migration also takes its file.',
    list(verbs.map(({ name, summary }) => `[\`${name}\`](#${anchor(name)}): ${summary}`)),
    'The other program, [`longhaul-worker`](#longhaul-worker), moves the bytes. `longhaul completion` ' +
      '[completes](#completion) words in bash, zsh and fish. An installation has man pages: `man longhaul`, ' +
      '`man longhaul-worker`.',
    ...Object.entries(groups).map(([name, summary]) => `\`${name}\` is a group of verbs for ${summary}.`),
    ...verbs.flatMap((verb) => verbSection(verb, options)),
    '## Exit statuses',
    table(
      ['status', 'meaning'],
      Object.entries(meanings).map(([name, meaning]) => [String(statuses[name]), meaning]),
    ),
    '## longhaul-worker',
    '`longhaul-worker [options]`',
    worker.summary,
    table(
      ['option', 'meaning'],
      Object.values(worker.options).map((row) => [`\`${row.flags}\``, `${row.description} (default: ${row.fallback})`]),
    ),
    examplesBlock(worker.examples.map(({ line, does }) => ({ line: `longhaul-worker ${line}`.trim(), does }))),
    worker.signals,
    table(['exit status', 'meaning'], Object.entries(worker.statuses)),
    '## Environment',
    'What `longhaul` reads:',
    table(
      ['variable', 'meaning', 'read by'],
      [
        ...Object.entries(variables).map(([name, meaning]) => [`\`${name}\``, meaning, readers(verbs, name)]),
        ...Object.entries(generalVariables).map(([name, meaning]) => [`\`${name}\``, meaning, 'every verb']),
      ],
    ),
    'What `longhaul-worker` reads:',
    table(
      ['variable', 'meaning'],
      Object.entries({ ...worker.sdkVariables, ...worker.variables }).map(([name, meaning]) => [
        `\`${name}\``,
        meaning,
      ]),
    ),
  ].join('\n\n');
}

/**
 * @param {Verb} verb
 * @param {Record<string, Option>} options
 */
function verbSection({ name, summary, description, operands, options: own, examples, documentLines }, options) {
  const usage = ['longhaul', name, ...operands.map((each) => (each.optional ? `[${each.name}]` : `<${each.name}>`))];
  const rows = [
    ...operands.map((each) => [`\`${each.name}\``, each.description]),
    ...own.flatMap((option) => {
      const row = options[option];
      return row === undefined ? [] : [[`\`${row.flags}\``, row.description + detail(row)]];
    }),
  ];
  return [
    `## ${name}`,
    `\`${usage.join(' ')}${own.length === 0 ? '' : ' [options]'}\``,
    description ?? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(documentLines ? ['With `--json`, it prints one document per line.'] : []),
    ...(rows.length === 0 ? [] : [table(['operand or option', 'meaning'], rows)]),
    examplesBlock(examples.map(({ line, does }) => ({ line: `longhaul ${line}`, does }))),
  ];
}

/** @param {readonly { line: string, does: string }[]} examples */
function examplesBlock(examples) {
  const marker = '<!-- not run: the examples of the help; a test parses each -->';
  return `${marker}\n\n\`\`\`sh\n${examples.map(({ line, does }) => `${line}   # ${does}`).join('\n')}\n\`\`\``;
}

/** @param {readonly Verb[]} verbs @param {string} variable */
function readers(verbs, variable) {
  return verbs
    .filter(({ variables }) => variables.includes(variable))
    .map(({ name }) => `\`${name}\``)
    .join(', ');
}

/** @param {Option} option */
function detail({ fallback, fallbackText, choices }) {
  const shown =
    fallbackText ?? (typeof fallback === 'boolean' || fallback === undefined ? undefined : String(fallback));
  const parts = [
    ...(choices === undefined ? [] : [`one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`]),
    ...(shown === undefined ? [] : [`default: ${shown}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** @param {string} name */
function anchor(name) {
  return name.replaceAll(' ', '-');
}

/** @param {readonly string[]} lines */
function list(lines) {
  return lines.map((line) => `- ${line}`).join('\n');
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
