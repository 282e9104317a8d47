import type { FailureClass } from '../domain/failure-classes.js';
import { receiptTally, type Receipt } from '../domain/receipt.js';
import { noUnits, type UnitCounts } from '../domain/figures/tally.js';
import { Distribution, type DistributionFigures } from './distribution.js';
import { SizeClasses, type SizeClass } from './size-classes.js';
import { TextCounts, type TextCount } from './text-counts.js';
import { TopList } from './top-list.js';

/** Where a unit stands after all rounds: its newest receipt, and the newest that proves an object. */
export interface UnitStanding {
  readonly newest: { readonly round: number; readonly receipt: Receipt };
  readonly proof: { readonly receipt: Receipt } | undefined;
}

/** A unit and what it amounts to. */
export interface UnitAmount {
  readonly id: string;
  readonly key: string;
  readonly blobs: number;
  readonly bytes: Receipt['bytes'];
}

/** A failed unit, and the round in which it last failed. */
export interface FailedUnit {
  readonly id: string;
  readonly key: string;
  readonly round: number;
  readonly message: string;
  /** The blob that made it fail, as `account/container/name`. */
  readonly blob: string | null;
}

/** Units that failed for one reason, with the first of them. */
export interface FailedClass {
  readonly class: FailureClass;
  readonly units: number;
  readonly first: readonly FailedUnit[];
}

/** The objects that are proven in place, and what went into them. */
export interface ObjectSums {
  readonly count: number;
  readonly blobs: number;
  readonly bytes: Receipt['bytes'];
  /** Objects of an earlier round whose unit has failed since. */
  readonly outdated: number;
  /** Objects that lack damaged blobs, and the number of these. */
  readonly incomplete: number;
  readonly skippedBlobs: number;
}

const largestMax = 10;
const examplesMax = 5;
const notesMax = 20;
const buildsMax = 20;

/** Adds up where the units of a migration stand, in bounded memory. Takes each unit once. */
export class UnitSums {
  #units: UnitCounts = noUnits;
  #objects: ObjectSums = {
    ...{ count: 0, blobs: 0, bytes: { source: 0, raw: 0, target: 0 } },
    ...{ outdated: 0, incomplete: 0, skippedBlobs: 0 },
  };
  #failed = { blobs: 0, bytes: 0 };
  readonly #classes = new Map<FailureClass, { units: number; first: TopList<FailedUnit> }>();
  readonly #objectSizes = new SizeClasses();
  readonly #spreads = {
    blobs: new Distribution(),
    sourceBytes: new Distribution(),
    rawBytes: new Distribution(),
    objectBytes: new Distribution(),
  };
  readonly #largest = new TopList<UnitAmount>(largestMax);
  readonly #notes = new TextCounts();
  readonly #builds = new TextCounts();

  add({ newest, proof }: UnitStanding): void {
    const { receipt } = newest;
    this.#units = plus(this.#units, receiptTally(receipt).units);
    if (receipt.state === 'failed') this.#addFailed(newest);
    if (proof !== undefined) this.#addObject(proof.receipt, receipt.state === 'failed');
    const told = proof?.receipt ?? receipt;
    this.#builds.add(told.build);
    for (const note of told.notes) this.#notes.add(withoutNumbers(note));
  }

  #addFailed({ round, receipt }: UnitStanding['newest']): void {
    const { id, key, index, blobs, bytes, message = '', blob = null } = receipt;
    const failureClass = receipt.class ?? 'Unexpected';
    this.#failed = { blobs: this.#failed.blobs + blobs, bytes: this.#failed.bytes + bytes.source };
    const sums = this.#classes.get(failureClass) ?? { units: 0, first: new TopList<FailedUnit>(examplesMax) };
    sums.units += 1;
    sums.first.add({ id, key, round, message, blob }, -index);
    this.#classes.set(failureClass, sums);
  }

  #addObject(receipt: Receipt, isOutdated: boolean): void {
    const { id, key, blobs, bytes } = receipt;
    const skipped = skippedBlobs(receipt);
    const sums = this.#objects;
    this.#objects = {
      count: sums.count + 1,
      blobs: sums.blobs + blobs,
      bytes: {
        source: sums.bytes.source + bytes.source,
        raw: sums.bytes.raw + bytes.raw,
        target: sums.bytes.target + bytes.target,
      },
      outdated: sums.outdated + (isOutdated ? 1 : 0),
      incomplete: sums.incomplete + (skipped > 0 ? 1 : 0),
      skippedBlobs: sums.skippedBlobs + skipped,
    };
    this.#objectSizes.add(bytes.target);
    this.#spreads.blobs.add(blobs);
    this.#spreads.sourceBytes.add(bytes.source);
    this.#spreads.rawBytes.add(bytes.raw);
    this.#spreads.objectBytes.add(bytes.target);
    this.#largest.add({ id, key, blobs, bytes }, bytes.source);
  }

  get units(): UnitCounts {
    return this.#units;
  }

  get objects(): ObjectSums {
    return this.#objects;
  }

  /** Blobs and bytes of failed units, as far as their blobs are known. */
  get failed(): { readonly blobs: number; readonly bytes: number } {
    return this.#failed;
  }

  /** The most frequent class first. */
  get failures(): readonly FailedClass[] {
    return [...this.#classes]
      .map(([failureClass, { units, first }]) => ({ class: failureClass, units, first: first.items }))
      .sort((a, b) => b.units - a.units || (a.class < b.class ? -1 : 1));
  }

  /** Objects by order of magnitude of their bytes. */
  get objectSizes(): readonly SizeClass[] {
    return this.#objectSizes.classes;
  }

  /** How the objects in place spread. */
  get spreads(): Readonly<Record<'blobs' | 'sourceBytes' | 'rawBytes' | 'objectBytes', DistributionFigures | null>> {
    const { blobs, sourceBytes, rawBytes, objectBytes } = this.#spreads;
    return {
      blobs: blobs.figures,
      sourceBytes: sourceBytes.figures,
      rawBytes: rawBytes.figures,
      objectBytes: objectBytes.figures,
    };
  }

  get largest(): readonly UnitAmount[] {
    return this.#largest.items;
  }

  /** Notes of receipts, with … for the numbers in them. */
  get notes(): { readonly texts: readonly TextCount[]; readonly others: number } {
    return this.#notes.most(notesMax);
  }

  /** Versions of Longhaul and of its encoder. */
  get builds(): { readonly texts: readonly TextCount[]; readonly others: number } {
    return this.#builds.most(buildsMax);
  }
}

function plus(a: UnitCounts, b: UnitCounts): UnitCounts {
  return { done: a.done + b.done, found: a.found + b.found, empty: a.empty + b.empty, failed: a.failed + b.failed };
}

/** A receipt with very long names lists the first of the skipped blobs, and a note says how many more there are. */
function skippedBlobs({ skipped, notes }: Receipt): number {
  const more = notes.map((note) => Number(/^(\d+) more blobs were skipped$/.exec(note)?.[1] ?? 0));
  return more.reduce((sum, count) => sum + count, skipped.length);
}

/** Notes that differ only in their numbers say the same. */
function withoutNumbers(note: string): string {
  return note.replaceAll(/\b\d[\d.,]*/g, '…');
}
