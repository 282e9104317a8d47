import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../commands/ending/command-error.js';
import { exitStatus } from '../commands/ending/exit-status.js';
import type { SourceBlob } from '../domain/manifest.js';
import type { BlobSource } from '../pipeline/source/blob-source.js';

/**
 * Returns a local file as a blob, named like its URL, `file:///folder/name`, and a source that opens nothing else.
 * `isRegular` is false for a pipe, which can be read only once. Rejects with status 2 if the file cannot be read.
 */
export async function fileBlob(
  path: string,
): Promise<{ readonly blob: SourceBlob; readonly source: BlobSource; readonly isRegular: boolean }> {
  const found = await reading(path, () => stat(path));
  if (found.isDirectory()) throw unreadable(path, 'it is a directory');
  const blob = {
    account: 'file:',
    container: '',
    name: resolve(path),
    etag: '',
    bytes: found.size,
    md5: null,
  };
  const notAsked = (): never => {
    throw new Error('a file has no listing');
  };
  const source: BlobSource = {
    listPage: notAsked,
    head: notAsked,
    async *open(_blob, signal, offset = 0) {
      const pieces = createReadStream(path, { signal, ...(offset > 0 && { start: offset }) });
      const each = pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
      try {
        for (;;) {
          const next = await reading(path, () => each.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        pieces.destroy();
      }
    },
  };
  return { blob, source, isRegular: found.isFile() };
}

async function reading<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'ABORT_ERR') throw error;
    throw unreadable(path, code === 'ENOENT' ? 'there is no such file' : code, error);
  }
}

function unreadable(path: string, why: string, cause?: unknown): CommandError {
  return new CommandError(exitStatus.usage, `Reading ${path} failed: ${why}`, {
    next: 'give the path of a file that can be read, or az://account/container/blob',
    ...(cause === undefined ? {} : { cause }),
  });
}
