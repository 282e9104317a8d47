import type { Receipt } from '../../domain/receipt.js';
import { partitionSlices, type Slice } from '../../domain/layout.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { ControlPrefix, StagedPrefix } from '../control-prefix.js';
import { readStagedSlice } from '../staged-slice.js';
import { readRecord } from '../stored-record.js';
import { readSummary } from '../summary.js';
import { readLedger } from './read-ledger.js';

/**
 * What the newest rounds say about a unit: a receipt that proves its object, or that an open round has yet to move it.
 */
export type LaterStanding =
  | { readonly state: 'proven'; readonly round: number; readonly receipt: Receipt; readonly record: MigrationRecord }
  | { readonly state: 'open'; readonly round: number };

/** The units of one slice of a round, which are found again without another request. */
interface HeldSlice {
  readonly record: MigrationRecord;
  readonly slice: Slice;
  readonly indexes: ReadonlySet<number>;
}

/**
 * Looks up what the rounds of a migration that began later, or were open, say about single units. Holds the indexes of
 * one slice, because successive calls mostly ask for units of the same slice.
 */
export class LaterRounds {
  #held: HeldSlice | undefined;

  constructor(private readonly place: ControlPrefix) {}

  /** Returns what the newest round from `first` on says about a unit; undefined if none has it. */
  async find(index: number, first: number, signal: AbortSignal): Promise<LaterStanding | undefined> {
    const records: MigrationRecord[] = [];
    for (let round = first; ; round += 1) {
      const stored = await readRecord({ ...this.place, round }, signal);
      if (stored === undefined) break;
      records.push(stored.record);
    }
    for (const record of records.toReversed()) {
      const staged = { ...this.place, record };
      const slice = await this.#sliceOf(staged, index, signal);
      if (slice === undefined) continue;
      const { round } = record;
      const receipt = (await readLedger(staged, slice, signal))?.receipts.get(index);
      if (receipt?.target !== undefined) return { state: 'proven', round, receipt, record };
      if (receipt === undefined && (await readSummary({ ...this.place, round }, signal)) === undefined)
        return { state: 'open', round };
    }
    return undefined;
  }

  async #sliceOf(staged: StagedPrefix, index: number, signal: AbortSignal): Promise<Slice | undefined> {
    const { record } = staged;
    const held = this.#held;
    if (held?.record.round === record.round && held.indexes.has(index)) return held.slice;
    for (const slice of likelySlices(record, index)) {
      const { units } = await readStagedSlice(staged, slice, signal);
      const indexes = new Set(units.map((unit) => unit.index));
      if (!indexes.has(index)) continue;
      this.#held = { record, slice, indexes };
      return slice;
    }
    return undefined;
  }
}

/** Returns all slices, beginning with those that contain the unit if none was added to the file or removed. */
function likelySlices({ layout }: Pick<MigrationRecord, 'layout'>, index: number): readonly Slice[] {
  const slices = Array.from({ length: layout.partitions }, (_, partition) => partitionSlices(layout, partition)).flat();
  const distance = ({ firstUnit }: Slice): number => Math.abs(firstUnit + layout.unitsPerSlice / 2 - index);
  return slices.sort((a, b) => distance(a) - distance(b));
}
