import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandError } from './ending/command-error.js';
import { exitStatus, exitStatusMeanings } from './ending/exit-status.js';
import { optionTable, type OptionName, type OptionValues } from './option-table.js';
import { usageText } from './usage-text.js';
import { variableTable } from './variable-table.js';
import type { Verb } from './verb.js';

/** The parts of the program. */
export interface ProgramParts {
  readonly verbs: readonly Verb[];
  /** Groups of verbs, such as `dev`, with their summaries. */
  readonly groups: Readonly<Record<string, string>>;
  readonly version: string;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly run: (verb: Verb, operands: readonly string[], options: OptionValues) => Promise<void>;
}

/**
 * Builds the parser and the help from the tables. Parsing rejects with commander's own error for help, version and
 * wrong usage.
 */
export function buildProgram(parts: ProgramParts): Command {
  const program = configured(new Command('longhaul'), parts)
    .description('Moves years of data from Azure Blob Storage to S3: one verified object per unit, on Temporal.')
    .version(parts.version, '-V, --version', 'print the version')
    .helpCommand('help [verb]', 'show the help of a verb')
    .addHelpText(
      'after',
      ({ command }) =>
        examplesText(
          command,
          parts.verbs.flatMap(({ examples }) => examples.slice(0, 1)),
        ) + statusesText(command),
    );
  const groups = new Map<string, Command>();
  for (const verb of parts.verbs) {
    const [first = '', second] = verb.name.split(' ');
    if (second === undefined) {
      addVerb(program.command(first), verb, parts);
      continue;
    }
    let group = groups.get(first);
    if (group === undefined) {
      group = configured(program.command(first), parts)
        .summary(parts.groups[first] ?? '')
        .description(`${capitalised(parts.groups[first] ?? '')}.`)
        .helpCommand(false);
      groups.set(first, group);
    }
    addVerb(group.command(second), verb, parts);
  }
  return program;
}

function configured(command: Command, { writeOut, writeErr }: ProgramParts): Command {
  return (
    command
      .configureOutput({
        writeOut,
        writeErr,
        outputError: (text, write) => write(`longhaul: ${usageText(text)}`),
      })
      // The operands of a verb are in its own help. Here they would leave no room for what it does.
      .configureHelp({ showGlobalOptions: false, subcommandTerm: (verb) => verb.name(), minWidthToWrap: 24 })
      .helpOption('-h, --help', 'show this help')
      .showHelpAfterError(`Try \`${commandLine(command)} --help\`.`)
      .exitOverride()
  );
}

function addVerb(command: Command, verb: Verb, parts: ProgramParts): void {
  configured(command, parts)
    .summary(verb.summary)
    .description(verb.description ?? `${capitalised(verb.summary)}.`);
  for (const { name, description, optional } of verb.operands) {
    command.argument(optional === true ? `[${name}]` : `<${name}>`, description);
  }
  for (const name of [...verb.options, 'json', 'debug'] as const) command.addOption(parserOption(name));
  command.addHelpText('after', () => variablesText(command, verb) + examplesText(command, verb.examples));
  command.action(async (...args: unknown[]) => {
    // The values of an operand that may be repeated come as an array.
    const given = args.slice(0, verb.operands.length).flat();
    const operands = given.filter((operand) => operand !== undefined) as string[];
    await parts.run(verb, operands, allOptions(command.opts<Partial<OptionValues>>()));
  });
}

function parserOption(name: OptionName): Option {
  const row = optionTable[name];
  // The parser names a default only where there is a value.
  const words = row.fallback === undefined && row.fallbackText !== undefined ? ` (default: ${row.fallbackText})` : '';
  const option = new Option(row.flags, row.description + words);
  // The same flag may be another option of another verb, as `--units`.
  option.attributeName = () => name;
  // The default of a flag without a value says nothing in the help.
  if (typeof row.fallback !== 'boolean') option.default(row.fallback, row.fallbackText);
  if (row.choices !== undefined) option.choices(row.choices);
  const { parse } = row;
  if (parse !== undefined) {
    option.argParser((text: string) => {
      try {
        return parse(text);
      } catch (error) {
        if (error instanceof CommandError) throw new InvalidArgumentError(`${capitalised(error.message)}.`);
        throw error;
      }
    });
  }
  return option;
}

function allOptions(given: Partial<OptionValues>): OptionValues {
  const fallbacks = Object.fromEntries(Object.entries(optionTable).map(([name, { fallback }]) => [name, fallback]));
  return { ...fallbacks, ...given } as OptionValues;
}

function variablesText(command: Command, { variables }: Verb): string {
  if (variables.length === 0) return '';
  return `${itemsText(
    command,
    'Environment',
    variables.map((name) => [name, variableTable[name]]),
  )}\n`;
}

function examplesText(command: Command, examples: Verb['examples']): string {
  return itemsText(
    command,
    'Examples',
    examples.map(({ line, does }) => [`longhaul ${line}`, does]),
  );
}

function statusesText(command: Command): string {
  const rows = Object.entries(exitStatusMeanings).map(
    ([name, meaning]) => [String(exitStatus[name as keyof typeof exitStatus]), meaning] as const,
  );
  return `\n${itemsText(command, 'Exit statuses', rows)}`;
}

/** Returns a paragraph of the help with its items in two columns, broken to fit as those of the parser are. */
function itemsText(command: Command, title: string, items: readonly (readonly [string, string])[]): string {
  const helper = command.createHelp();
  const helpWidth = command.configureOutput().getOutHelpWidth?.();
  helper.prepareContext(helpWidth === undefined ? {} : { helpWidth });
  const width = Math.max(...items.map(([term]) => term.length));
  return `\n${title}:\n${items.map(([term, text]) => helper.formatItem(term, width, text, helper)).join('\n')}`;
}

function commandLine(command: Command): string {
  return command.parent === null ? command.name() : `${commandLine(command.parent)} ${command.name()}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
