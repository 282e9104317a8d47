import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nameKey } from './name-key.js';
import { unitValue } from './match-claims.js';
import { SortedSpool, type SpoolItem, type SpoolOptions } from './sorted-spool.js';
import { readRecords, recordsBytes } from './spool-records.js';

/** A container of an account. */
export interface ContainerPlace {
  readonly account: string;
  readonly container: string;
}

/** A blob that a unit has found. */
export interface Claim extends ContainerPlace {
  readonly name: string;
  /** Index of the unit. */
  readonly unit: number;
}

/** The claims of all units on disk, sorted by name, container by container. */
export class ClaimFiles {
  readonly #spool: SortedSpool;
  readonly #numbers = new Map<string, number>();
  readonly #places: ContainerPlace[] = [];
  readonly #filled = new Set<number>();

  /** `directory` must be there and empty. */
  constructor(
    readonly directory: string,
    options?: SpoolOptions,
  ) {
    this.#spool = new SortedSpool(directory, 'claims', options);
  }

  /** The containers that were named or claimed from. */
  get places(): readonly ContainerPlace[] {
    return this.#places;
  }

  /** Names a container, whether or not a blob of it is claimed. */
  addPlace({ account, container }: ContainerPlace): number {
    const key = `${account}\n${container}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#places.push({ account, container }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Adds a claim. Returns a promise if that takes longer, to be awaited before the next one. */
  add(claim: Claim): Promise<void> | undefined {
    return this.#spool.add(`${placeCode(this.addPlace(claim))}${nameKey(claim.name)}`, unitValue(claim.unit));
  }

  /** Sorts all claims and divides them by container. Add no more afterwards. */
  async divide(): Promise<void> {
    for await (const items of this.#spool.sorted()) {
      for (let start = 0; start < items.length;) {
        const code = codeOf(items[start]);
        let end = start + 1;
        while (end < items.length && codeOf(items[end]) === code) end += 1;
        const number = Number.parseInt(code, 36);
        this.#filled.add(number);
        const records = items.slice(start, end).map(({ key, value }) => `${key.slice(codeDigits)}\0${value}`);
        await appendFile(this.#path(number), recordsBytes(records), { mode: 0o600 });
        start = end;
      }
    }
    await this.#spool.remove();
  }

  /** Yields the claims of a container in order, some at a time, with `nameKey` of each name. May be read again. */
  async *of(place: ContainerPlace): AsyncGenerator<readonly SpoolItem[]> {
    const number = this.addPlace(place);
    if (!this.#filled.has(number)) return;
    for await (const records of readRecords(this.#path(number))) yield records.map(toItem);
  }

  /** Deletes the claims of a container. */
  async forget(place: ContainerPlace): Promise<void> {
    await rm(this.#path(this.addPlace(place)), { force: true });
  }

  #path(number: number): string {
    return join(this.directory, `container-${String(number)}`);
  }
}

// 1.6 million containers; a migration with this many would list more than it moves.
const codeDigits = 4;

const placeCode = (number: number): string => number.toString(36).padStart(codeDigits, '0');
const codeOf = (item: SpoolItem | undefined): string => item?.key.slice(0, codeDigits) ?? '';

function toItem(record: string): SpoolItem {
  const end = record.indexOf('\0');
  return { key: record.slice(0, end), value: record.slice(end + 1) };
}
