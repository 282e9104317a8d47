import { verdicts, type JudgedUnit, type Verdict } from './judge-unit.js';
import { targetRequests } from './target-requests.js';

/** Units, their blobs and their listed bytes. */
export interface PlannedAmount {
  readonly units: number;
  readonly blobs: number;
  readonly bytes: number;
}

/** Requests of a migration, by kind. */
export interface PlannedRequests {
  readonly lists: number;
  readonly sourceHeads: number;
  readonly reads: number;
  readonly puts: number;
  readonly targetHeads: number;
}

/** What the units of a plan add up to. */
export interface PlanTotals {
  readonly verdicts: Readonly<Record<Verdict, PlannedAmount>>;
  /** What would be moved: the units that are ready or suspicious. */
  readonly moved: PlannedAmount & { readonly targetBytes: number };
  readonly requests: PlannedRequests;
  /** Units that would fail. */
  readonly failing: number;
  readonly largest: readonly JudgedUnit[];
}

const largestMax = 10;
// A blob is read in one request, unless it breaks.
const readsPerBlob = 1;

/** Adds up judged units in bounded memory. */
export class PlanSums {
  readonly #amounts = Object.fromEntries(verdicts.map((verdict) => [verdict, noUnits])) as Record<
    Verdict,
    PlannedAmount
  >;
  #moved: PlannedAmount = noUnits;
  #requests: PlannedRequests = { lists: 0, sourceHeads: 0, reads: 0, puts: 0, targetHeads: 0 };
  #failing = 0;
  #largest: readonly JudgedUnit[] = [];

  /** `targetBytesPerSourceByte` is how large objects are expected to be, compared with their blobs. */
  constructor(readonly targetBytesPerSourceByte: number) {}

  add(unit: JudgedUnit): void {
    this.#amounts[unit.verdict] = plus(this.#amounts[unit.verdict], unit);
    if (unit.class !== undefined) this.#failing += 1;
    const isMoved = unit.state === 'ready';
    if (isMoved) this.#moved = plus(this.#moved, unit);
    const { bytes, blobs, lists, heads } = unit;
    const target = isMoved ? targetRequests(bytes, bytes * this.targetBytesPerSourceByte) : { puts: 0, heads: 0 };
    this.#requests = {
      lists: this.#requests.lists + lists,
      sourceHeads: this.#requests.sourceHeads + heads,
      reads: this.#requests.reads + (isMoved ? blobs * readsPerBlob : 0),
      puts: this.#requests.puts + target.puts,
      targetHeads: this.#requests.targetHeads + target.heads,
    };
    if (bytes > (this.#largest.at(largestMax - 1)?.bytes ?? 0))
      this.#largest = [...this.#largest, unit]
        .sort((a, b) => b.bytes - a.bytes || a.index - b.index)
        .slice(0, largestMax);
  }

  get totals(): PlanTotals {
    return {
      verdicts: { ...this.#amounts },
      moved: { ...this.#moved, targetBytes: Math.round(this.#moved.bytes * this.targetBytesPerSourceByte) },
      requests: this.#requests,
      failing: this.#failing,
      largest: this.#largest,
    };
  }
}

const noUnits: PlannedAmount = { units: 0, blobs: 0, bytes: 0 };

function plus(amount: PlannedAmount, { blobs, bytes }: JudgedUnit): PlannedAmount {
  return { units: amount.units + 1, blobs: amount.blobs + blobs, bytes: amount.bytes + bytes };
}

/** Returns the totals of a sample with what would be moved, and its requests, as they are expected of all units. */
export function extrapolate(
  totals: PlanTotals,
  { units, of }: { readonly units: number; readonly of: number },
): PlanTotals {
  if (units === of) return totals;
  const scaled = <T extends Readonly<Record<string, number>>>(figures: T): T =>
    Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, Math.round((figure * of) / units)])) as T;
  return { ...totals, moved: scaled({ ...totals.moved }), requests: scaled({ ...totals.requests }) };
}
