import type { CommandContext } from './ports/context.js';
import type { ExitStatus } from './ending/exit-status.js';
import type { OptionName, OptionValues } from './option-table.js';
import type { Printer } from './screen/printer.js';
import type { VariableName } from './variable-table.js';

/** A verb of the command line. */
export interface Verb {
  /** `start`, or `dev up` for a verb in a group. */
  readonly name: string;
  /** One sentence without a full stop, for lists of verbs. */
  readonly summary: string;
  /** What its own help says; by default, the summary. */
  readonly description?: string;
  readonly operands: readonly Operand[];
  /** Options besides `--json` and `--debug`, which every verb has. */
  readonly options: readonly OptionName[];
  /** Environment variables that matter to this verb. */
  readonly variables: readonly VariableName[];
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Whether `--json` prints a document on each line instead of a single one. */
  readonly documentLines?: true;
  run(call: VerbCall): Promise<ExitStatus>;
}

/** An operand, which must be given unless it is optional. */
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
