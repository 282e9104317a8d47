import { renameSync } from 'node:fs';

/**
 * Puts the log of the last start aside as `<path>.old`, replacing the one before. Logs grow while a part runs, so they are bounded by two
 * starts, not by bytes: about 110 bytes a request for Azurite's access log, next to nothing for the others.
 */
export function rotateLog(path: string): void {
  try {
    renameSync(path, `${path}.old`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
