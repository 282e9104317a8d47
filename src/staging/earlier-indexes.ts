import { hashName, NameBuckets, recordKinds, recordWords, type BucketOptions } from './name-buckets.js';

/**
 * Finds out which units of a new round an earlier round had, by their ids. Holds one bucket of ids at a time, and four
 * bytes for each unit of the new round.
 */
export class EarlierIndexes {
  readonly #buckets: NameBuckets;

  /** `directory` takes the temporary files. */
  constructor(directory: string, options?: BucketOptions) {
    this.#buckets = new NameBuckets(directory, options);
  }

  /** Notes that an earlier round had a unit. The same unit may be noted again. */
  async addEarlier(id: string, index: number): Promise<void> {
    await this.#add(recordKinds.earlierId, id, index);
  }

  /** Notes that the new round has a unit at this position, from 0. */
  async addNow(id: string, position: number): Promise<void> {
    await this.#add(recordKinds.id, id, position);
  }

  /** Returns the earlier index of each unit of the new round, by its position, and -1 for a new unit. Call it once. */
  async join(units: number): Promise<Int32Array> {
    const indexes = new Int32Array(units).fill(-1);
    for await (const records of this.#buckets.read()) {
      const earlier = new Map<string, number>();
      for (const { kind, name, index } of fieldsOf(records)) {
        if (kind === recordKinds.earlierId) earlier.set(name, index);
      }
      for (const { kind, name, index } of fieldsOf(records)) {
        if (kind === recordKinds.id) indexes[index] = earlier.get(name) ?? -1;
      }
    }
    return indexes;
  }

  close(): Promise<void> {
    return this.#buckets.close();
  }

  #add(kind: (typeof recordKinds)['id' | 'earlierId'], id: string, index: number): Promise<void> | undefined {
    const nameHash = hashName('id', id);
    return this.#buckets.add({ kind, nameHash, index, line: 0, idHash: nameHash.subarray(0, 2) });
  }
}

function* fieldsOf(
  records: Uint32Array,
): Generator<{ readonly kind: number; readonly name: string; readonly index: number }> {
  for (let at = 0; at < records.length; at += recordWords) {
    yield { name: records.subarray(at, at + 4).join(), kind: records[at + 4] ?? 0, index: records[at + 5] ?? 0 };
  }
}
