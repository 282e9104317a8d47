import { createInterface } from 'node:readline/promises';
import { printable } from '../commands/screen/printable.js';

/**
 * Asks a question on standard error and resolves to the answer, or to undefined where standard input is not a terminal
 * or ends. Rejects with the signal's reason once that is aborted; Ctrl-C at the question aborts it like anywhere else.
 */
export async function askLine(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  signal.throwIfAborted();
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new AbortController();
  lines.once('close', () => ended.abort());
  // The interface takes Ctrl-C from the terminal, and the program waits for the signal.
  lines.once('SIGINT', () => process.emit('SIGINT'));
  try {
    return await lines.question(printable(question), { signal: AbortSignal.any([ended.signal, signal]) });
  } catch (error) {
    signal.throwIfAborted();
    if (ended.signal.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}
