import { readFileSync } from 'node:fs';

/** Returns the last lines of a log, for an error message, or an empty text if there is no log. */
export function readLogTail(path: string, linesMax = 5): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-linesMax).join('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
