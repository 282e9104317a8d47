import { readFileSync } from 'node:fs';

/** Gives the last few lines of a log, for an error message; an empty text where there is none. */
export function readLogTail(path: string, linesMax = 5): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-linesMax).join('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
