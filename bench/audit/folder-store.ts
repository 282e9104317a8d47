import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ControlObject, ControlStore, ControlWrite } from '../../src/control/control-store.js';

/** A control store in a folder, so that its contents take no memory. For a single process, which makes no mistakes. */
export function folderStore(folder: string): ControlStore {
  const pathOf = (key: string): string => join(folder, key);
  const etagOf = async (key: string): Promise<string | undefined> => {
    const found = await stat(pathOf(key)).catch(absent);
    return found?.isFile() === true ? `"${String(found.size)}-${String(found.mtimeMs)}"` : undefined;
  };
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(dirname(pathOf(key)), { recursive: true });
    await writeFile(pathOf(key), bytes);
  };
  return {
    async read(key): Promise<ControlObject | undefined> {
      const etag = await etagOf(key);
      return etag === undefined ? undefined : { bytes: await readFile(pathOf(key)), etag };
    },
    async write(key, bytes, condition): Promise<ControlWrite> {
      const etag = await etagOf(key);
      if (condition === 'absent' ? etag !== undefined : etag !== condition.etag) return { state: 'refused' };
      await put(key, bytes);
      return { state: 'written', etag: (await etagOf(key)) ?? '' };
    },
    overwrite: put,
    async overwriteStream({ key, pieces }) {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await pipeline(pieces, createWriteStream(pathOf(key)));
    },
    readStream: (key) => createReadStream(pathOf(key)),
    async listPage(prefix) {
      const parent = dirname(pathOf(`${prefix}x`));
      const entries = await readdir(parent, { recursive: true, withFileTypes: true }).catch(absent);
      const keys = (entries ?? [])
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
        .filter((key) => key.startsWith(prefix));
      return { keys };
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
  throw error;
}
