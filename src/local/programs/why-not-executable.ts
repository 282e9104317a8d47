import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';

/** Returns why a path is not a program that we may run, or undefined if it is. */
export async function whyNotExecutable(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return 'it is not a file';
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
    if (code === 'EACCES') return 'it may not be executed';
    throw error;
  }
}
