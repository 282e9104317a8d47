import type { CommandContext } from '../ports/context.js';

/** Where a verb's words go: people read standard output, unless it is kept for the one JSON document. */
export interface Printer {
  /** Prints lines for people; to standard error with `--json`. */
  say(text: string): void;
  /** Prints a line about progress or trouble to standard error. */
  note(text: string): void;
  /** Prints the document of the verb; nothing without `--json`. Only one is ever printed, save by a verb that prints one a line. */
  document(document: unknown): void;
}

/** Gives the printer of one run of a verb; with `lines` every document is a line. */
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
