import type { CommandContext } from './ports/context.js';
import type { ExitStatus } from './ending/exit-status.js';
import type { OptionName, OptionValues } from './option-table.js';
import type { Printer } from './screen/printer.js';
import type { VariableName } from './variable-table.js';

/** One verb of the command line. */
export interface Verb {
  /** `start`, or `dev up` for a verb of a group. */
  readonly name: string;
  /** One sentence without a full stop, for lists of verbs. */
  readonly summary: string;
  /** More for its own help. */
  readonly description?: string;
  readonly operands: readonly Operand[];
  /** Besides `--json` and `--debug`, which every verb has. */
  readonly options: readonly OptionName[];
  /** Environment variables that matter to it. */
  readonly variables: readonly VariableName[];
  /** Command lines after the program's name, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** With `--json` it prints a document a line, instead of one. */
  readonly documentLines?: true;
  run(call: VerbCall): Promise<ExitStatus>;
}

/** An operand; it must be given unless it is optional. */
export interface Operand {
  readonly name: string;
  readonly description: string;
  readonly optional?: true;
}

/** One run of a verb. */
export interface VerbCall {
  readonly context: CommandContext;
  readonly printer: Printer;
  readonly operands: readonly string[];
  readonly options: OptionValues;
}
