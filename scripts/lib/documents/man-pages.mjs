/**
 * Returns the man pages of both programs, written from the tables that their help comes from.
 *
 * @param {import('./cli-docs.mjs').Tables} tables
 * @param {string} version
 * @returns {Record<'longhaul.1' | 'longhaul-worker.1', string>}
 */
export function manPages(tables, version) {
  return { 'longhaul.1': clientPage(tables, version), 'longhaul-worker.1': workerPage(tables, version) };
}

/** @param {import('./cli-docs.mjs').Tables} tables @param {string} version */
function clientPage({ verbs, groups, options, variables, generalVariables, statuses, meanings }, version) {
  return page([
    title('longhaul', version),
    section('NAME'),
    'longhaul \\- moves data from Azure Blob Storage to S3, one verified object per unit',
    section('SYNOPSIS'),
    `${bold('longhaul')} ${italic('verb')} [${italic('options')}]`,
    '.br',
    `${bold('longhaul help')} [${italic('verb')}]`,
    '.br',
    bold('longhaul --version'),
    section('DESCRIPTION'),
    text(
      'Longhaul finds the blobs that belong to each line of a list, joins and repacks them, and writes one ' +
        'verified object for each. Temporal orchestrates it; `longhaul-worker` moves the bytes. Where a verb takes ' +
        'the name of a migration, it also takes its file.',
    ),
    ...Object.entries(groups).flatMap(([name, summary]) => [
      '.PP',
      text(`\`${name}\` is a group of verbs for ${summary}.`),
    ]),
    section('OPTIONS OF EVERY VERB'),
    ...['json', 'debug'].flatMap((name) => optionItem(options[name])),
    ...item(`${bold('-h')}, ${bold('--help')}`, 'show the help of the verb'),
    section('VERBS'),
    ...verbs.flatMap((verb) => verbSection(verb, options)),
    section('EXIT STATUS'),
    ...Object.entries(meanings).flatMap(([name, meaning]) => item(String(statuses[name]), text(meaning))),
    section('ENVIRONMENT'),
    ...variableItems({ ...variables, ...generalVariables }),
    section('SEE ALSO'),
    `${bold('longhaul-worker')}(1)`,
  ]);
}

/** @param {import('./cli-docs.mjs').Tables} tables @param {string} version */
function workerPage({ worker }, version) {
  return page([
    title('longhaul-worker', version),
    section('NAME'),
    'longhaul-worker \\- moves the bytes of the migrations that longhaul starts',
    section('SYNOPSIS'),
    `${bold('longhaul-worker')} [${italic('options')}]`,
    section('DESCRIPTION'),
    text(worker.summary),
    '.PP',
    text(worker.signals),
    section('OPTIONS'),
    ...Object.values(worker.options).flatMap((row) => optionItem({ ...row, fallbackText: row.fallback })),
    ...item(`${bold('-h')}, ${bold('--help')}`, 'show the help'),
    ...item(`${bold('-V')}, ${bold('--version')}`, 'print the version'),
    section('EXAMPLES'),
    ...exampleItems('longhaul-worker', worker.examples),
    section('EXIT STATUS'),
    ...Object.entries(worker.statuses).flatMap(([status, meaning]) => item(status, text(meaning))),
    section('ENVIRONMENT'),
    ...variableItems({ ...worker.sdkVariables, ...worker.variables }),
    section('SEE ALSO'),
    `${bold('longhaul')}(1)`,
  ]);
}

/** @param {import('./cli-docs.mjs').Verb} verb @param {Record<string, import('./cli-docs.mjs').Option>} options */
function verbSection({ name, summary, description, operands, options: own, examples, documentLines }, options) {
  const usage = operands.map((each) => (each.optional ? `[${italic(each.name)}]` : italic(each.name)));
  return [
    `.SS ${quoted(name)}`,
    [bold(`longhaul ${name}`), ...usage, ...(own.length === 0 ? [] : [`[${italic('options')}]`])].join(' '),
    '.PP',
    text(description ?? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...(documentLines ? ['.PP', text('With `--json`, it prints one document per line.')] : []),
    ...operands.flatMap((each) => item(italic(each.name), text(each.description))),
    ...own.flatMap((option) => optionItem(options[option])),
    '.PP',
    ...exampleItems('longhaul', examples),
  ];
}

/** @param {Partial<import('./cli-docs.mjs').Option> | undefined} option */
function optionItem({ flags = '', description = '', fallback, fallbackText, choices } = {}) {
  const shown =
    fallbackText ?? (typeof fallback === 'boolean' || fallback === undefined ? undefined : String(fallback));
  const parts = [
    description,
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(shown === undefined ? [] : [`default: ${shown}`]),
  ];
  const names = flags.split(', ').map((flag) => {
    const [name = '', value] = flag.split(' ');
    return value === undefined ? bold(name) : `${bold(name)} ${italic(value.replaceAll(/[<>]/g, ''))}`;
  });
  return item(names.join(', '), text(parts.join('; ')));
}

/** @param {Record<string, string>} variables */
function variableItems(variables) {
  return Object.entries(variables).flatMap(([name, meaning]) => item(bold(name), text(meaning)));
}

/** @param {string} program @param {readonly { line: string, does: string }[]} examples */
function exampleItems(program, examples) {
  return examples.flatMap(({ line, does }) => item(bold(`${program} ${line}`.trim()), text(does)));
}

/** @param {string} name @param {string} version */
function title(name, version) {
  return `.TH ${name.toUpperCase()} 1 "" "longhaul ${version}" "Longhaul"`;
}

/** @param {string} name */
const section = (name) => `.SH ${quoted(name)}`;

/** @param {string} tag @param {string} body */
const item = (tag, body) => ['.TP', tag, body];

/** @param {string} words */
const bold = (words) => `\\fB${escaped(words)}\\fR`;

/** @param {string} words */
const italic = (words) => `\\fI${escaped(words)}\\fR`;

/** Returns prose in which what is between backticks is bold. @param {string} prose */
function text(prose) {
  const parts = prose.split('`').map((part, index) => (index % 2 === 1 ? bold(part) : escaped(part)));
  // A dot or a quote at the beginning of a line would be taken for a request.
  return parts.join('').replace(/^(?=[.'])/, '\\&');
}

/** @param {string} words */
const quoted = (words) => (words.includes(' ') ? `"${words}"` : words);

/** @param {string} words */
function escaped(words) {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll(
      /[^\n -~]/g,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}]`,
    );
}

/** @param {readonly string[]} lines */
function page(lines) {
  return `${['.\\" Written by the build from the tables of the program.', ...lines].join('\n')}\n`;
}
