import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import type { ByteSink } from './byte-sink.js';

/**
 * A file that appears only when it is whole: the bytes go to a file beside it, which is renamed at the end. Anything
 * but a regular file, such as /dev/null, is written to directly.
 */
export class FileSink implements ByteSink {
  private constructor(
    readonly path: string,
    /** The file that is renamed to `path` at the end; undefined if `path` is written to directly. */
    readonly partialPath: string | undefined,
    readonly file: FileHandle,
  ) {}

  /** Rejects with status 2 if the path is a folder, has no folder, may not be written, or is the input itself. */
  static async open(given: string, inputPath: string | undefined): Promise<FileSink> {
    return await telling(given, exitStatus.usage, async () => {
      const there = await statusOf(given);
      if (there?.isDirectory() === true) throw refused(given, 'it is a directory');
      const input = inputPath === undefined ? undefined : await statusOf(inputPath);
      if (there !== undefined && input?.ino === there.ino && input.dev === there.dev) {
        throw refused(given, 'it is the file to be decoded');
      }
      if (there !== undefined && !there.isFile()) return new FileSink(given, undefined, await open(given, 'w'));
      // A symbolic link stays; the file that it leads to is replaced, by one of the same mode.
      const path = there === undefined ? given : await realpath(given);
      const partialPath = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.partial`);
      return new FileSink(path, partialPath, await openLike(partialPath, there?.mode));
    });
  }

  async write(piece: Uint8Array): Promise<void> {
    await telling(this.path, exitStatus.unexpected, async () => {
      for (let written = 0; written < piece.length;) written += (await this.file.write(piece, written)).bytesWritten;
    });
  }

  async finish(): Promise<void> {
    await telling(this.path, exitStatus.unexpected, async () => {
      await this.file.close();
      if (this.partialPath !== undefined) await rename(this.partialPath, this.path);
    });
  }

  async abandon(): Promise<void> {
    await this.file.close();
    if (this.partialPath !== undefined) await rm(this.partialPath, { force: true });
  }
}

/** Opens a new file with the mode of another. From the first byte on, only those who may read that one can read it. */
async function openLike(path: string, mode: number | undefined): Promise<FileHandle> {
  if (mode === undefined) return await open(path, 'wx');
  const file = await open(path, 'wx', mode & 0o777);
  try {
    // The umask of the process may have removed permissions.
    await file.chmod(mode & 0o777);
    return file;
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

async function statusOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function telling<T>(path: string, status: ExitStatus, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw refused(path, code === 'ENOENT' ? 'there is no such folder' : code, status, error);
  }
}

function refused(path: string, why: string, status: ExitStatus = exitStatus.usage, cause?: unknown): CommandError {
  return new CommandError(status, `Writing ${path} failed: ${why}`, {
    next: 'name another file with `-o`',
    ...(cause === undefined ? {} : { cause }),
  });
}
