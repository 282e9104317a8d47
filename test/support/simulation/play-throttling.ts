import { AdaptiveRate } from '../../../src/flow/adaptive-rate.js';
import type { RandomNumbers } from '../random-numbers.js';
import { EventQueue } from './event-queue.js';
import { type Capacity, ThrottlingStore } from './throttling-store.js';

/** A run that is simulated: callers that each make one request after another to a store that throttles. */
export interface ThrottlingPlay {
  readonly capacity: readonly Capacity[];
  readonly seconds: number;
  readonly latencyMs: number;
  readonly callers: number;
  readonly random: RandomNumbers;
  /** The share of requests that the store refuses whatever the rate; none by default. */
  readonly failing?: number;
}

/** What came of it, by seconds and by callers. */
export interface ThrottlingOutcome {
  readonly served: readonly number[];
  readonly refused: readonly number[];
  /** The limit at the end of the second; undefined for none. */
  readonly limit: readonly (number | undefined)[];
  readonly byCaller: readonly number[];
}

interface Request {
  readonly caller: number;
  /** Refusals in a row. */
  readonly refusals: number;
}

/** Plays it under an {@link AdaptiveRate}, with the pace and the retries of `src/flow`, and without waiting. */
export function playThrottling(play: ThrottlingPlay): ThrottlingOutcome {
  const { seconds, latencyMs, callers, random, failing = 0 } = play;
  const zeros = (length: number): number[] => new Array<number>(length).fill(0);
  const served = zeros(seconds);
  const refused = zeros(seconds);
  const byCaller = zeros(callers);
  const limit = new Array<number | undefined>(seconds).fill(undefined);
  const rate = new AdaptiveRate();
  const store = new ThrottlingStore(play.capacity);
  const events = new EventQueue();
  const queue: Request[] = [];
  let freeAtMs = 0;
  let isWoken = false;

  const ask = (request: Request, nowMs: number): void => {
    queue.push(request);
    letPass(nowMs);
  };
  const letPass = (nowMs: number): void => {
    while (queue.length > 0) {
      const perSecond = rate.limit?.perSecond;
      if (perSecond !== undefined) {
        freeAtMs = Math.max(freeAtMs, nowMs - 100);
        if (freeAtMs > nowMs) {
          wake(Math.min(freeAtMs, nowMs + 1_000));
          return;
        }
        freeAtMs += 1_000 / perSecond;
      }
      const request = queue.shift() as Request;
      events.at(nowMs + latencyMs / 2, (ms) => {
        const isServed = store.serves(ms) && random() >= failing;
        events.at(ms + latencyMs / 2, (answeredMs) => answer(request, isServed, answeredMs));
      });
    }
  };
  const wake = (atMs: number): void => {
    if (isWoken) return;
    isWoken = true;
    events.at(atMs, (ms) => {
      isWoken = false;
      letPass(ms);
    });
  };
  const answer = ({ caller, refusals }: Request, isServed: boolean, nowMs: number): void => {
    const second = Math.min(Math.floor(nowMs / 1_000), seconds - 1);
    count(isServed ? served : refused, second);
    if (isServed) {
      count(byCaller, caller);
      rate.answered(nowMs);
      ask({ caller, refusals: 0 }, nowMs);
    } else {
      rate.refused(nowMs);
      const delayMs = Math.min(250 * 2 ** refusals, 8_000) * (1 + random());
      events.at(nowMs + delayMs, (ms) => ask({ caller, refusals: refusals + 1 }, ms));
    }
    limit[second] = rate.limit?.perSecond;
  };

  for (let caller = 0; caller < callers; caller += 1) events.at(0, (ms) => ask({ caller, refusals: 0 }, ms));
  events.runUntil(seconds * 1_000);
  return { served, refused, limit, byCaller };
}

function count(counts: number[], at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
