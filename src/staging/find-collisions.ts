import { recordKinds, recordWords } from './name-buckets.js';

/** Two units that cannot be in one migration; `second` is the one on the later line. */
export interface Collision {
  readonly kind: 'same-id' | 'same-key' | 'key-is-folder';
  readonly first: UnitPlace;
  readonly second: UnitPlace;
}

export interface UnitPlace {
  readonly index: number;
  readonly line: number;
}

/**
 * Finds the collisions among the records of one bucket: one for each further unit with the same name, and one for each
 * key that is also a folder. Two units with one id are reported once, and not again for the key that they usually
 * share.
 */
export function* findCollisions(records: Uint32Array): Generator<Collision> {
  const table = new NameTable(records);
  for (let at = 0; at < records.length; at += recordWords) {
    const slot = table.slotOf(at);
    const kind = records[at + kindWord];
    const other = kind === recordKinds.folder ? table.folders : table.owners;
    const first = other[slot] ?? none;
    if (first === none) other[slot] = at;

    if (kind === recordKinds.id && first !== none) yield collision(records, 'same-id', first, at);
    if (kind === recordKinds.key && first !== none && !isSameId(records, first, at)) {
      yield collision(records, 'same-key', first, at);
    }
    const [owner = none, folder = none] = [table.owners[slot], table.folders[slot]];
    // Reported once, when the second of the two appears.
    if (first === none && owner !== none && folder !== none) yield collision(records, 'key-is-folder', owner, folder);
  }
}

const kindWord = 4;
const indexWord = 5;
const lineWord = 6;
const idHashWord = 7;
const none = -1;

function collision(records: Uint32Array, kind: Collision['kind'], a: number, b: number): Collision {
  const place = (at: number): UnitPlace => ({ index: records[at + indexWord] ?? 0, line: records[at + lineWord] ?? 0 });
  const [first, second] = kind === 'key-is-folder' || a < b ? [place(a), place(b)] : [place(b), place(a)];
  return { kind, first, second };
}

function isSameId(records: Uint32Array, a: number, b: number): boolean {
  return (
    records[a + idHashWord] === records[b + idHashWord] && records[a + idHashWord + 1] === records[b + idHashWord + 1]
  );
}

/** A hash table with open addressing over records. A `Map` of a million names would need ten times the memory. */
class NameTable {
  /** For each slot, the first record with the name as its id or key. */
  readonly owners: Int32Array;
  /** For each slot, the first record with the name as a folder. */
  readonly folders: Int32Array;
  readonly #mask: number;

  constructor(private readonly records: Uint32Array) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, (records.length / recordWords) * 2)));
    this.owners = new Int32Array(slots).fill(none);
    this.folders = new Int32Array(slots).fill(none);
    this.#mask = slots - 1;
  }

  slotOf(record: number): number {
    // The first word chose the bucket, so the second one spreads the names.
    for (let slot = (this.records[record + 1] ?? 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const owner = this.owners[slot] ?? none;
      const holder = owner === none ? (this.folders[slot] ?? none) : owner;
      if (holder === none || this.#isSameName(holder, record)) return slot;
    }
  }

  #isSameName(a: number, b: number): boolean {
    const { records } = this;
    return (
      records[a] === records[b] &&
      records[a + 1] === records[b + 1] &&
      records[a + 2] === records[b + 2] &&
      records[a + 3] === records[b + 3]
    );
  }
}
