import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { previousObject } from '../domain/target/proven-object.js';
import type { Receipt } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import { onDisk } from './spool-file.js';

/** What earlier rounds say about a unit. */
export type EarlierUnit = Required<Pick<StagedUnit, 'earlier'>> & Pick<StagedUnit, 'previous'>;

/**
 * What earlier rounds say about every unit, by its index. It is kept in two temporary files, one with the entries as
 * JSON and one with the place of each unit's newest entry, so that memory does not grow with the number of units.
 */
export class EarlierUnits {
  #entriesBytes = 0;

  private constructor(
    private readonly path: string,
    private readonly entries: FileHandle,
    private readonly places: FileHandle,
  ) {}

  /** Creates the files in `directory`. Call {@link close} at the end. */
  static async create(directory: string): Promise<EarlierUnits> {
    const path = join(directory, 'earlier');
    return onDisk(path, async () => {
      const entries = await open(path, 'wx+');
      try {
        return new EarlierUnits(path, entries, await open(`${path}-places`, 'wx+'));
      } catch (error) {
        await entries.close();
        throw error;
      }
    });
  }

  /** Adds a receipt, after all receipts of older rounds. */
  async add(receipt: Receipt): Promise<void> {
    // A unit that failed in the newer round may still have the object of an older one.
    const previous = previousObject(receipt) ?? (await this.find(receipt.index))?.previous;
    const entry: EarlierUnit = { earlier: receipt.state, ...(previous === undefined ? {} : { previous }) };
    const bytes = Buffer.from(JSON.stringify(entry));
    const place = Buffer.alloc(placeBytes);
    place.writeUIntBE(this.#entriesBytes, 0, offsetBytes);
    place.writeUInt16BE(bytes.length, offsetBytes);
    await onDisk(this.path, async () => {
      await this.entries.write(bytes, 0, bytes.length, this.#entriesBytes);
      await this.places.write(place, 0, placeBytes, receipt.index * placeBytes);
    });
    this.#entriesBytes += bytes.length;
  }

  /** Returns what is known about the unit with this index, or undefined if no earlier round has a receipt of it. */
  async find(index: number): Promise<EarlierUnit | undefined> {
    const place = Buffer.alloc(placeBytes);
    const { bytesRead } = await this.places.read(place, 0, placeBytes, index * placeBytes);
    const length = place.readUInt16BE(offsetBytes);
    // Beyond the end of the file, or in a hole.
    if (bytesRead < placeBytes || length === 0) return undefined;
    const entry = Buffer.alloc(length);
    await this.entries.read(entry, 0, length, place.readUIntBE(0, offsetBytes));
    return JSON.parse(entry.toString('utf8')) as EarlierUnit;
  }

  async close(): Promise<void> {
    await this.entries.close();
    await this.places.close();
  }
}

// An offset of six bytes and a length of two: an entry has a few hundred bytes.
const offsetBytes = 6;
const placeBytes = offsetBytes + 2;
