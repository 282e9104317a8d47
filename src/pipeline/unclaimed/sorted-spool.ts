import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeSorted } from './merge-sorted.js';
import { readRecords, writeRecords } from './spool-records.js';

/** A key, which need not be unique, with its value. Neither contains the character 0. */
export interface SpoolItem {
  /** Characters up to 255 only: see `nameKey`. */
  readonly key: string;
  /** Printable ASCII. */
  readonly value: string;
}

/** How much a spool holds in memory, and how many files it reads at once. Smaller in tests. */
export interface SpoolOptions {
  readonly batchBytes?: number;
  readonly filesMax?: number;
}

// As much again for the pieces of a batch while it is sorted. Larger batches would hardly be faster.
const batchBytesDefault = 32 * 1024 * 1024;
// Each is read 64 KiB at a time. Files beyond it are merged into one, so that an item is written twice or three times.
const filesMaxDefault = 64;
// What an item takes besides its characters, as measured: an entry of an array, and the strings that sorting makes of
// it.
const itemOverheadBytes = 160;

/**
 * Sorts any number of items in bounded memory: batches are sorted and written to temporary files, which are merged.
 * Items are ordered by key, those of one key by value.
 */
export class SortedSpool {
  readonly #batchBytes: number;
  readonly #filesMax: number;
  /** Sorted files by how often their items have been merged. */
  readonly #levels: string[][] = [];
  #batch: string[] = [];
  #bytes = 0;
  #files = 0;

  /** `directory` must be there, and empty of files of this `name`. */
  constructor(
    readonly directory: string,
    readonly name: string,
    { batchBytes = batchBytesDefault, filesMax = filesMaxDefault }: SpoolOptions = {},
  ) {
    this.#batchBytes = batchBytes;
    this.#filesMax = filesMax;
  }

  /** Adds an item. Returns a promise if that takes longer, to be awaited before the next one. */
  add(key: string, value: string): Promise<void> | undefined {
    this.#batch.push(`${key}\0${value}`);
    this.#bytes += key.length + value.length + itemOverheadBytes;
    return this.#bytes < this.#batchBytes ? undefined : this.#writeBatch();
  }

  /** Yields all items in order, some at a time. Add no more afterwards; it may be read again. */
  async *sorted(): AsyncGenerator<readonly SpoolItem[]> {
    if (this.#batch.length > 0) await this.#writeBatch();
    yield* readItems(mergeSorted(this.#levels.flat().map(readRecords)));
  }

  /** Deletes the files. */
  async remove(): Promise<void> {
    for (const path of this.#levels.flat()) await rm(path, { force: true });
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    batch.sort();
    await this.#addFile(0, [batch]);
  }

  async #addFile(
    level: number,
    records: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  ): Promise<void> {
    const path = join(this.directory, `${this.name}-${String(this.#files)}`);
    this.#files += 1;
    await writeRecords(path, records);
    const files = (this.#levels[level] ??= []);
    files.push(path);
    if (files.length < this.#filesMax) return;
    this.#levels[level] = [];
    await this.#addFile(level + 1, mergeSorted(files.map(readRecords)));
    for (const merged of files) await rm(merged, { force: true });
  }
}

async function* readItems(batches: AsyncIterable<readonly string[]>): AsyncGenerator<readonly SpoolItem[]> {
  for await (const batch of batches) yield batch.map(toItem);
}

function toItem(record: string): SpoolItem {
  const end = record.indexOf('\0');
  return { key: record.slice(0, end), value: record.slice(end + 1) };
}
