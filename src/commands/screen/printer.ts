import type { CommandContext } from '../ports/context.js';
import { printable, printableJson } from './printable.js';

/**
 * Where a verb prints. With `--json`, standard output has only the document, and standard error only warnings and
 * errors.
 */
export interface Printer {
  /** Prints the result for people to standard output; with `--json`, nothing. */
  say(text: string): void;
  /** Prints a line about progress to standard error; with `--json`, nothing. */
  note(text: string): void;
  /** Prints a warning or an error to standard error. */
  warn(text: string): void;
  /**
   * Prints the verb's document; without `--json`, nothing. Only the first is printed, except by a verb that prints one
   * per line.
   */
  document(document: unknown): void;
}

/** Returns the printer for one run of a verb. With `lines`, each document is printed as one line. */
export function createPrinter(
  { out, err }: Pick<CommandContext, 'out' | 'err'>,
  { json, lines = false }: { readonly json: boolean; readonly lines?: boolean | undefined },
): Printer {
  const print = (output: typeof out, text: string): void =>
    output.write(`${printable(text, { isStyled: output.isTerminal })}\n`);
  let printed = false;
  return {
    say: (text) => {
      if (!json) print(out, text);
    },
    note: (text) => {
      if (!json) print(err, text);
    },
    warn: (text) => print(err, text),
    document: (document) => {
      if (!json || (printed && !lines)) return;
      printed = true;
      out.write(`${printableJson(lines ? JSON.stringify(document) : JSON.stringify(document, null, 2))}\n`);
    },
  };
}
