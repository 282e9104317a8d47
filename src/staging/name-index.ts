import type { StagedUnit } from '../domain/unit.js';
import { NameBuckets, hashName, recordKinds, type BucketOptions } from './name-buckets.js';
import { findCollisions, type Collision } from './find-collisions.js';
import { UnitProblems } from './unit-problems.js';

/** Collects the ids and keys of all units and finds those that collide, in bounded memory however many there are. */
export class NameIndex {
  readonly #buckets: NameBuckets;
  readonly #foldersSeen = new Set<string>();

  constructor(directory: string, options?: BucketOptions) {
    this.#buckets = new NameBuckets(directory, options);
  }

  /** Adds a unit. Returns a promise where it must be awaited before the next one is added: now and then. */
  add({ id, key, index }: Pick<StagedUnit, 'id' | 'key' | 'index'>, line: number): Promise<unknown> | undefined {
    const nameHash = hashName('id', id);
    const idHash = nameHash.subarray(0, 2);
    const spills = [this.#buckets.add({ kind: recordKinds.id, nameHash, index, line, idHash })];
    const add = (kind: (typeof recordKinds)['key' | 'folder'], name: string): void => {
      spills.push(this.#buckets.add({ kind, nameHash: hashName('key', name), index, line, idHash }));
    };
    add(recordKinds.key, key);
    for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      const folder = key.slice(0, slash);
      // Neighbours share folders, and if a folder is known, so are those above it.
      if (this.#foldersSeen.has(folder)) break;
      if (this.#foldersSeen.size >= foldersSeenMax) this.#foldersSeen.clear();
      this.#foldersSeen.add(folder);
      add(recordKinds.folder, folder);
    }
    const waits = spills.filter((spill) => spill !== undefined);
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  /** Finds all collisions: those of the first lines, and how many there are. Call it once, after the last unit. */
  async collisions(): Promise<UnitProblems<Collision & { readonly line: number }>> {
    const found = new UnitProblems<Collision & { readonly line: number }>();
    for await (const records of this.#buckets.read()) {
      for (const collision of findCollisions(records)) {
        found.add({ ...collision, line: Math.max(collision.first.line, collision.second.line) });
      }
    }
    return found;
  }

  close(): Promise<void> {
    return this.#buckets.close();
  }
}

// It only saves repeated records: forgetting a folder costs disk space, never a collision.
const foldersSeenMax = 65_536;
