import type { OptionName, OptionRow } from '../option-table.js';
import type { Verb } from '../verb.js';

/** One way to continue a command line. */
export interface Candidate {
  readonly text: string;
  readonly description: string;
}

/** How a command line may continue: the candidates, and whether a file name fits too. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly files: boolean;
}

/** The tables of the command line. */
export interface CompletionTables {
  readonly verbs: readonly Verb[];
  readonly groups: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<OptionName, OptionRow>>;
}

/**
 * Returns how a command line may continue. `words` are those after the program's name; the last one is being typed and
 * may be empty.
 */
export function complete(words: readonly string[], tables: CompletionTables): Completion {
  const typed = words.at(-1) ?? '';
  const given = words.slice(0, -1);
  const { candidates, files } = continuations(given, typed, tables);
  return { candidates: candidates.filter(({ text }) => text.startsWith(typed)), files };
}

function continuations(given: readonly string[], typed: string, tables: CompletionTables): Completion {
  const verb = verbOf(given, tables.verbs);
  if (verb === undefined) return { candidates: verbWords(given, tables), files: false };
  const rows = [...verb.options, 'json' as const, 'debug' as const].map((name) => tables.options[name]);
  const asking = rows.find((row) => takesValue(row) && namesOf(row).includes(given.at(-1) ?? ''));
  if (asking !== undefined) {
    const values = (asking.choices ?? []).map((text) => ({ text, description: '' }));
    return { candidates: values, files: asking.choices === undefined };
  }
  if (!typed.startsWith('-')) return { candidates: [], files: verb.operands.length > 0 };
  const options = rows.flatMap((row) => longNames(row).map((text) => ({ text, description: row.description })));
  return { candidates: [...options, { text: '--help', description: 'show this help' }], files: false };
}

function verbOf(given: readonly string[], verbs: readonly Verb[]): Verb | undefined {
  const [first, second] = given;
  return verbs.find(({ name }) => name === first || name === `${String(first)} ${String(second)}`);
}

/** Returns the first words of all verbs, or the second ones of a group. */
function verbWords(given: readonly string[], { verbs, groups }: CompletionTables): readonly Candidate[] {
  const [group] = given;
  if (group !== undefined) {
    if (given.length > 1) return [];
    const inGroup = verbs.filter(({ name }) => name.startsWith(`${group} `));
    return inGroup.map(({ name, summary }) => ({ text: name.slice(group.length + 1), description: summary }));
  }
  const single = verbs.filter(({ name }) => !name.includes(' '));
  return [
    ...single.map(({ name, summary }) => ({ text: name, description: summary })),
    ...Object.entries(groups).map(([text, description]) => ({ text, description })),
    { text: 'help', description: 'show the help of a verb' },
    { text: '--help', description: 'show this help' },
    { text: '--version', description: 'print the version' },
  ];
}

const takesValue = ({ flags }: OptionRow): boolean => flags.includes('<');

/** `-o, --output <file>` has the names `-o` and `--output`. */
const namesOf = ({ flags }: OptionRow): readonly string[] => flags.replace(/ <.*/, '').split(', ');

const longNames = (row: OptionRow): readonly string[] => namesOf(row).filter((name) => name.startsWith('--'));
