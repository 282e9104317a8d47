import type { TextOutput } from '../ports/text-output.js';

const columnsOfUnknownTerminal = 80;

/** Returns how many columns a terminal has; undefined if the output is not a terminal. */
export function terminalColumns({ isTerminal, stream }: Pick<TextOutput, 'isTerminal' | 'stream'>): number | undefined {
  if (!isTerminal) return undefined;
  const { columns }: NodeJS.WritableStream & { readonly columns?: number } = stream;
  // A terminal that does not know its size reports 0.
  return columns || columnsOfUnknownTerminal;
}
