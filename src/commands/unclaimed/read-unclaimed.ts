import type { ControlRound } from '../../control/control-prefix.js';
import { allContainerFindings, readUnclaimed } from '../../control/plan/stored-unclaimed.js';
import { blobLabel } from '../../domain/manifest.js';
import type { BlobAmount, ContainerFindings } from '../../domain/stored/unclaimed-records.js';
import type { UnclaimedDocument } from './unclaimed-document.js';

const shapesMax = 100;
// A scheme has a few shapes. This many mean names without a scheme, for which a list is no help.
const shapesHeldMax = 10_000;
const firstMax = 5;
const twiceMax = 100;
const missingMax = 20;

/** The units of a plan, for their ids. */
export interface NamedUnits {
  units(): AsyncIterable<{ readonly index: number; readonly id: string }>;
}

/** Returns the sum of the findings of all containers of a plan; undefined if they were not asked for. */
export async function readUnclaimedDocument(
  round: ControlRound,
  planned: NamedUnits,
  signal: AbortSignal,
): Promise<UnclaimedDocument | undefined> {
  const record = await readUnclaimed(round, signal);
  if (record === undefined) return undefined;
  const sums = new UnclaimedSums();
  for await (const findings of allContainerFindings(round, signal)) sums.add(findings);
  const ids = await idsOf(sums.units, planned);
  return { containers: record.containers, unknownUnits: record.unknownUnits, ...sums.document(ids) };
}

type ShapeSum = UnclaimedDocument['shapes'][number];

/** Adds up containers in bounded memory. */
class UnclaimedSums {
  readonly #missing: string[] = [];
  #claimed = none;
  #unclaimed = none;
  #twice = none;
  #gone = 0;
  /** By account and shape, because containers of one scheme have the same shapes. */
  readonly #shapes = new Map<string, ShapeSum>();
  #moreShapes = 0;
  #firstTwice: readonly { readonly blob: string; readonly units: readonly number[] }[] = [];

  add({ account, container, isMissing, claimed, unclaimed, twice, gone, shapes, firstTwice }: ContainerFindings): void {
    if (isMissing === true && this.#missing.length < missingMax) this.#missing.push(`${account}/${container}`);
    this.#claimed = plus(this.#claimed, claimed);
    this.#unclaimed = plus(this.#unclaimed, unclaimed);
    this.#twice = plus(this.#twice, twice);
    this.#gone += gone;
    for (const shape of shapes) this.#addShape({ account, ...shape });
    const blobs = firstTwice.map(({ name, units }) => ({ blob: blobLabel({ account, container, name }), units }));
    this.#firstTwice = [...this.#firstTwice, ...blobs].sort((a, b) => compare(a.blob, b.blob)).slice(0, twiceMax);
  }

  #addShape(one: ShapeSum): void {
    const key = JSON.stringify([one.account, one.shape]);
    const known = this.#shapes.get(key);
    if (known !== undefined) {
      const first = [...known.first, ...one.first].sort(compare).slice(0, firstMax);
      this.#shapes.set(key, { ...known, ...plus(known, one), first });
    } else if (this.#shapes.size < shapesHeldMax) this.#shapes.set(key, one);
    else this.#moreShapes += 1;
  }

  /** Indexes of the units that are shown. */
  get units(): ReadonlySet<number> {
    return new Set(this.#firstTwice.flatMap(({ units }) => units));
  }

  document(ids: ReadonlyMap<number, string>): Omit<UnclaimedDocument, 'containers' | 'unknownUnits'> {
    const shapes = [...this.#shapes.values()].sort((a, b) => b.blobs - a.blobs || compare(a.shape, b.shape));
    return {
      missingContainers: this.#missing.sort(compare),
      ...{ claimed: this.#claimed, unclaimed: this.#unclaimed, twice: this.#twice, gone: this.#gone },
      shapes: shapes.slice(0, shapesMax),
      moreShapes: Math.max(0, shapes.length - shapesMax) + this.#moreShapes,
      firstTwice: this.#firstTwice.map(({ blob, units }) => ({
        blob,
        units: units.map((unit) => ids.get(unit) ?? String(unit)),
      })),
    };
  }
}

async function idsOf(wanted: ReadonlySet<number>, planned: NamedUnits): Promise<ReadonlyMap<number, string>> {
  const ids = new Map<number, string>();
  if (wanted.size === 0) return ids;
  for await (const { index, id } of planned.units()) if (wanted.has(index)) ids.set(index, id);
  return ids;
}

const none: BlobAmount = { blobs: 0, bytes: 0 };

function plus(a: BlobAmount, b: BlobAmount): BlobAmount {
  return { blobs: a.blobs + b.blobs, bytes: a.bytes + b.bytes };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
