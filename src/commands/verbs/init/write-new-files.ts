import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';

/** Writes files into a folder and returns their paths. If one exists already, rejects with status 2 and writes none. */
export async function writeNewFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  const there: string[] = [];
  for (const path of paths) if (await exists(path)) there.push(path);
  if (there.length > 0) throw areThere(there);
  for (const [name, text] of Object.entries(files)) await writeNew(join(folder, name), text);
  return paths;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? areThere([path]) : error;
  }
}

function areThere(paths: readonly string[]): CommandError {
  const what = paths.length === 1 ? 'this file exists already and was' : 'these files exist already and were';
  return new CommandError(exitStatus.usage, `Writing new files failed: ${what} left alone: ${paths.join(', ')}`, {
    next: 'give another folder, or move the existing files away',
  });
}
