import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Failure } from '../domain/failure.js';

// Large enough for a disk, and little memory.
const writeBytes = 256 * 1024;

/** A temporary file of lines: written once from start to end, then read. */
export class SpoolFile {
  #gathered: string[] = [];
  #gatheredCharacters = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly onWrite: (bytes: Uint8Array) => void,
  ) {}

  /** Creates the file. `onWrite` is called with all bytes in order, for a digest. */
  static async create(path: string, onWrite: (bytes: Uint8Array) => void): Promise<SpoolFile> {
    return new SpoolFile(path, await onDisk(path, () => open(path, 'wx+')), onWrite);
  }

  /**
   * Adds a line, given without its line end. Returns a promise where it must be awaited before the next one is added:
   * now and then.
   */
  add(line: string): Promise<void> | undefined {
    this.#gathered.push(line);
    this.#gatheredCharacters += line.length + 1;
    return this.#gatheredCharacters >= writeBytes ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    if (this.#gathered.length === 0) return;
    const bytes = Buffer.from(`${this.#gathered.join('\n')}\n`);
    this.#gathered = [];
    this.#gatheredCharacters = 0;
    this.onWrite(bytes);
    await onDisk(this.path, () => this.handle.writeFile(bytes));
  }

  /** Yields the bytes of the file in order, in blocks. */
  async *blocks(): AsyncGenerator<Buffer> {
    for await (const block of createReadStream(this.path, { highWaterMark: writeBytes })) yield block as Buffer;
  }

  /** Yields the lines in order, without their line ends. */
  async *lines(): AsyncGenerator<string> {
    let rest = '';
    // With an encoding, characters that span two reads stay whole.
    for await (const text of createReadStream(this.path, { encoding: 'utf8', highWaterMark: writeBytes })) {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Runs a step on a temporary file and turns errors of the disk into a `Failure` of class `WorkerResource/Disk`. */
export async function onDisk<Result>(path: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : code;
    const message =
      `staging needs a temporary file beside ${path}, which cannot be written: ${reason}; ` +
      'free space, or set TMPDIR to another disk';
    throw new Failure('WorkerResource/Disk', message, { cause: error });
  }
}
