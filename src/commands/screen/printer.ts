import type { CommandContext } from '../ports/context.js';

/** Where a verb's words go. People read standard output, unless it is kept for the one JSON document. */
export interface Printer {
  /** Prints lines for people; with `--json`, to standard error. */
  say(text: string): void;
  /** Prints a line about progress or trouble to standard error. */
  note(text: string): void;
  /**
   * Prints the verb's document; without `--json`, nothing. Only the first is printed, except by a verb that prints one
   * a line.
   */
  document(document: unknown): void;
}

/** Returns the printer for one run of a verb. With `lines`, each document is printed as one line. */
export function createPrinter(
  { out, err }: Pick<CommandContext, 'out' | 'err'>,
  { json, lines = false }: { readonly json: boolean; readonly lines?: boolean | undefined },
): Printer {
  let printed = false;
  return {
    say: (text) => (json ? err : out).write(`${text}\n`),
    note: (text) => err.write(`${text}\n`),
    document: (document) => {
      if (!json || (printed && !lines)) return;
      printed = true;
      out.write(`${lines ? JSON.stringify(document) : JSON.stringify(document, null, 2)}\n`);
    },
  };
}
