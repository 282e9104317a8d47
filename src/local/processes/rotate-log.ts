import { renameSync } from 'node:fs';

/**
 * Renames the log of the last start to `<path>.old`, replacing the one before. Logs grow while a part runs: they are
 * bounded by two starts, not by bytes. Azurite's access log takes about 110 bytes a request, the others next to
 * nothing.
 */
export function rotateLog(path: string): void {
  try {
    renameSync(path, `${path}.old`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
