import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns the total size of all files below a folder. Files that disappear meanwhile are not counted. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await unlessGone(readdir(folder, { recursive: true }), [])) {
    const entry = await unlessGone(lstat(join(folder, name)), undefined);
    if (entry?.isFile() === true) bytes += entry.size;
  }
  return bytes;
}

async function unlessGone<T, Fallback>(look: Promise<T>, fallback: Fallback): Promise<T | Fallback> {
  try {
    return await look;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fallback;
    throw error;
  }
}
