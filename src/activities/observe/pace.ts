import type { EtaRange, Rate } from '../../domain/figures/progress.js';
import { doneInRun, finishedUnits, type Tally } from '../../domain/figures/tally.js';

/** How fast a round has been so far, as a heartbeat carries it from one attempt of `observe` to the next. */
export interface PaceState {
  /** Milliseconds for which the round was at work. */
  readonly workedMs: number;
  /** What this run had done at the first look. */
  readonly begun: PaceSample;
  /** Time and finished units of each of the last blocks, oldest first; the last block is not full yet. */
  readonly blocks: readonly (readonly [durationMs: number, units: number])[];
  /** How long a block is when it is full. */
  readonly blockMs: number;
}

interface PaceSample {
  readonly units: number;
  readonly blobs: number;
  readonly bytes: number;
}

/** When a round will probably end. */
export interface Eta {
  readonly seconds: number;
  readonly range: EtaRange;
}

// Blocks are short at first, so that there is an estimate soon, and grow until 20 of them cover 20 minutes: a few large
// units then count for no more than they should.
const blockMsMin = 5_000;
const blockMsMax = 60_000;
const blocksMax = 20;
// After a longer gap nobody knows whether there was work to do.
const idleMsMax = 60_000;
// Two standard errors: the end lies outside the range in one case of twenty, if the rest is like what has passed.
const standardErrors = 2;
// No estimate is better or worse than this: a range that is empty, or holds everything, says nothing.
const doubtMin = 0.05;
const doubtMax = 0.8;
// Fewer blocks say nothing about how much the speed changes.
const blocksToJudge = 4;
const doubtOfFewBlocks = 0.5;

/**
 * Measures how fast a round is while it is at work, and estimates from that when it ends. Time in which it is held and
 * nothing finishes does not count.
 */
export class Pace {
  #state: PaceState | undefined;
  #last: { readonly atMs: number; readonly tally: Tally } | undefined;

  constructor(before?: { readonly pace?: PaceState | undefined; readonly atMs: number; readonly tally: Tally }) {
    this.#state = before?.pace;
    this.#last = before;
  }

  /** What is known; undefined before the second look. */
  get state(): PaceState | undefined {
    return this.#state;
  }

  /** Adds the figures of a look. `isHeld`: paused, or blocked. */
  add(atMs: number, tally: Tally, isHeld: boolean): void {
    const last = this.#last;
    this.#last = { atMs, tally };
    if (last === undefined) {
      this.#state ??= { workedMs: 0, begun: sampleOf(tally), blocks: [], blockMs: blockMsMin };
      return;
    }
    const units = doneInRun(tally).units - doneInRun(last.tally).units;
    const passedMs = Math.max(atMs - last.atMs, 0);
    const workedMs = units > 0 ? passedMs : isHeld ? 0 : Math.min(passedMs, idleMsMax);
    const { state = { workedMs: 0, begun: sampleOf(last.tally), blocks: [], blockMs: blockMsMin } } = this;
    if (workedMs === 0) return;
    this.#state = { ...state, workedMs: state.workedMs + workedMs, ...withWork(state, workedMs, units) };
  }

  /** Returns the mean speeds since the first look; undefined until some time has passed. */
  mean(tally: Tally): Rate | undefined {
    if (this.#state === undefined || this.#state.workedMs < blockMsMin) return undefined;
    const { workedMs, begun } = this.#state;
    const now = sampleOf(tally);
    const perSecond = (count: number, before: number): number => ((count - before) / workedMs) * 1_000;
    return {
      unitsPerSecond: perSecond(now.units, begun.units),
      blobsPerSecond: perSecond(now.blobs, begun.blobs),
      sourceBytesPerSecond: perSecond(now.bytes, begun.bytes),
    };
  }

  /** Returns when all units are finished, if the rest goes as fast as the last blocks; undefined if that is unknown. */
  eta(total: number, tally: Tally): Eta | undefined {
    const left = total - finishedUnits(tally);
    if (left <= 0) return { seconds: 0, range: { fromSeconds: 0, toSeconds: 0 } };
    const { blocks, blockMs } = this.#state ?? { blocks: [], blockMs: blockMsMin };
    const units = blocks.reduce((sum, [, finished]) => sum + finished, 0);
    const seconds = blocks.reduce((sum, [durationMs]) => sum + durationMs, 0) / 1_000;
    if (units <= 0 || seconds === 0) return undefined;
    const perSecond = units / seconds;
    const rates = blocks.filter(([durationMs]) => durationMs >= blockMs).map((block) => speedOf(block));
    const doubt = Math.min(Math.max(doubtOf(rates, perSecond, units), doubtMin), doubtMax);
    const at = (rate: number): number => Math.ceil(left / rate);
    return {
      seconds: at(perSecond),
      range: { fromSeconds: at(perSecond * (1 + doubt)), toSeconds: at(perSecond * (1 - doubt)) },
    };
  }
}

/** Adds work to the last block. Blocks become longer, and then fewer, so that there are never too many. */
function withWork(
  { blocks, blockMs }: Pick<PaceState, 'blocks' | 'blockMs'>,
  workedMs: number,
  units: number,
): Pick<PaceState, 'blocks' | 'blockMs'> {
  const last = blocks.at(-1);
  const isFull = last === undefined || last[0] >= blockMs;
  const grown = isFull
    ? [...blocks, [workedMs, units] as const]
    : [...blocks.slice(0, -1), [last[0] + workedMs, last[1] + units] as const];
  if (grown.length <= blocksMax) return { blocks: grown, blockMs };
  if (blockMs >= blockMsMax) return { blocks: grown.slice(1), blockMs };
  return { blocks: joinedPairs(grown), blockMs: Math.min(blockMs * 2, blockMsMax) };
}

function joinedPairs(blocks: PaceState['blocks']): PaceState['blocks'] {
  const joined: (readonly [number, number])[] = [];
  for (let index = 0; index < blocks.length; index += 2) {
    const [ms, units] = blocks[index] ?? [0, 0];
    const [moreMs, moreUnits] = blocks[index + 1] ?? [0, 0];
    joined.push([ms + moreMs, units + moreUnits]);
  }
  return joined;
}

/** Returns how wrong a speed may be, as a share of it: blocks differ, and few units may have been counted. */
function doubtOf(rates: readonly number[], perSecond: number, units: number): number {
  const fromCount = standardErrors / Math.sqrt(units);
  if (rates.length < blocksToJudge) return Math.max(doubtOfFewBlocks, fromCount);
  const variance = rates.reduce((sum, rate) => sum + (rate - perSecond) ** 2, 0) / (rates.length - 1);
  return Math.max((standardErrors * Math.sqrt(variance / rates.length)) / perSecond, fromCount);
}

const speedOf = ([durationMs, units]: readonly [number, number]): number => (units / durationMs) * 1_000;

function sampleOf(tally: Tally): PaceSample {
  const { units, blobs, sourceBytes: bytes } = doneInRun(tally);
  return { units, blobs, bytes };
}
