import { hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from './spool-file.js';

/**
 * What a record says about a unit: it has this id, this key or a key in this folder, or an earlier round had this id.
 */
export const recordKinds = { id: 0, key: 1, folder: 2, earlierId: 3 } as const;

/** A name that a unit uses: its hash and kind, the unit's index and line, and the first bytes of the hash of its id. */
export interface NameRecord {
  readonly kind: (typeof recordKinds)[keyof typeof recordKinds];
  readonly nameHash: Uint32Array;
  readonly index: number;
  readonly line: number;
  readonly idHash: Uint32Array;
}

/** Words of a record: four of the name's hash, its kind, the index, the line, two of the id's hash. */
export const recordWords = 9;

/**
 * How names are divided. With 200 million units, each of 256 buckets has about 100 MB. Memory is at most buckets ×
 * bytes, plus one bucket.
 */
export interface BucketOptions {
  readonly buckets: number;
  readonly gatheredBytes: number;
}

const defaults: BucketOptions = { buckets: 256, gatheredBytes: 36 * 1024 };

/**
 * Records of names, divided by hash: equal names meet in one bucket, and one bucket at a time fits into memory. A small
 * bucket never touches the disk.
 */
export class NameBuckets {
  readonly #buckets: Bucket[];

  constructor(
    private readonly directory: string,
    { buckets, gatheredBytes }: BucketOptions = defaults,
  ) {
    const recordsMax = Math.max(1, Math.floor(gatheredBytes / (recordWords * 4)));
    this.#buckets = Array.from({ length: buckets }, () => new Bucket(recordsMax));
  }

  /** Adds a record. Returns a promise where it must be awaited before many more are added: now and then. */
  add(record: NameRecord): Promise<void> | undefined {
    const number = (record.nameHash[0] ?? 0) % this.#buckets.length;
    const bucket = this.#buckets[number];
    if (bucket === undefined) throw new RangeError(`there is no bucket ${String(number)}`);
    bucket.push(record);
    return bucket.isFull ? bucket.spill(join(this.directory, `names-${String(number)}`)) : undefined;
  }

  /** Yields the records of one bucket after another, in the order in which they were added. */
  async *read(): AsyncGenerator<Uint32Array> {
    for (const bucket of this.#buckets) {
      yield await bucket.read();
      await bucket.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#buckets.map((bucket) => bucket.close()));
  }
}

/** Hashes a name to 128 bits, so that equal hashes mean equal names. `space` keeps ids and keys apart. */
export function hashName(space: 'id' | 'key', name: string): Uint32Array {
  // As text, a character for each byte, since Node takes three times as long to make a buffer.
  const digest = hash('sha256', `${space}\0${name}`, 'binary');
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word += 1) {
    const at = word * 4;
    const low = digest.charCodeAt(at) | (digest.charCodeAt(at + 1) << 8);
    words[word] = low | (digest.charCodeAt(at + 2) << 16) | (digest.charCodeAt(at + 3) << 24);
  }
  return words;
}

class Bucket {
  #words: Uint32Array | undefined;
  #used = 0;
  #file: FileHandle | undefined;
  #spilledBytes = 0;
  #spilled: Promise<void> = Promise.resolve();

  constructor(private readonly recordsMax: number) {}

  get isFull(): boolean {
    return this.#used === this.recordsMax * recordWords;
  }

  // Called about fifteen million times for five million units, so it allocates nothing.
  push({ nameHash, kind, index, line, idHash }: NameRecord): void {
    this.#words ??= new Uint32Array(this.recordsMax * recordWords);
    this.#words.set(nameHash, this.#used);
    this.#words[this.#used + 4] = kind;
    this.#words[this.#used + 5] = index;
    this.#words[this.#used + 6] = line;
    this.#words.set(idHash, this.#used + 7);
    this.#used += recordWords;
  }

  /** Writes what is gathered. More may be added at once; what is spilled then follows it. */
  spill(path: string): Promise<void> {
    const bytes = new Uint8Array((this.#words ?? new Uint32Array()).buffer, 0, this.#used * 4);
    const at = this.#spilledBytes;
    this.#words = undefined;
    this.#used = 0;
    this.#spilledBytes += bytes.length;
    this.#spilled = this.#spilled.then(() =>
      onDisk(path, async () => {
        this.#file ??= await open(path, 'wx+');
        await this.#file.write(bytes, 0, bytes.length, at);
      }),
    );
    return this.#spilled;
  }

  async read(): Promise<Uint32Array> {
    await this.#spilled;
    const all = new Uint32Array(this.#spilledBytes / 4 + this.#used);
    let read = 0;
    while (read < this.#spilledBytes) {
      const target = new Uint8Array(all.buffer, read, this.#spilledBytes - read);
      const { bytesRead = 0 } = (await this.#file?.read(target, 0, target.length, read)) ?? {};
      if (bytesRead === 0) throw new Error('a temporary file of the staging is shorter than what was written to it');
      read += bytesRead;
    }
    all.set((this.#words ?? new Uint32Array()).subarray(0, this.#used), this.#spilledBytes / 4);
    this.#words = undefined;
    this.#used = 0;
    return all;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
