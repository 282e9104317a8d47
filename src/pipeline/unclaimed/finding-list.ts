import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ListedFinding } from './finding-sums.js';

// Each write is a member of its own, so that it should be large enough to compress well.
const charactersPerMember = 1024 * 1024;
const gzipAsync = promisify(gzip);

/** A list of blobs in a temporary file of gzip NDJSON, which is made when it is needed. */
export class FindingList {
  #gathered: string[] = [];
  #characters = 0;
  #file: FileHandle | undefined;

  constructor(readonly path: string) {}

  /** Adds a blob. Returns a promise if that takes longer, to be awaited before the next one. */
  add(finding: ListedFinding): Promise<void> | undefined {
    const line = JSON.stringify(finding);
    this.#gathered.push(line);
    this.#characters += line.length;
    return this.#characters < charactersPerMember ? undefined : this.#write();
  }

  /** Ends the file. Returns its bytes, or undefined if nothing was added. */
  async end(): Promise<AsyncIterable<Uint8Array> | undefined> {
    if (this.#gathered.length > 0) await this.#write();
    if (this.#file === undefined) return undefined;
    await this.#file.close();
    this.#file = undefined;
    return createReadStream(this.path) as AsyncIterable<Uint8Array>;
  }

  /** Deletes the file. */
  async remove(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    await rm(this.path, { force: true });
  }

  async #write(): Promise<void> {
    const text = `${this.#gathered.join('\n')}\n`;
    this.#gathered = [];
    this.#characters = 0;
    this.#file ??= await open(this.path, 'wx', 0o600);
    await this.#file.writeFile(await gzipAsync(text));
  }
}
