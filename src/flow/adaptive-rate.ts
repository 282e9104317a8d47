import { MeasuredRate } from './measured-rate.js';

/** The rate at which a store that refused requests is asked at present. */
export interface ThrottledRate {
  readonly perSecond: number;
  /** When the store began to refuse, in milliseconds of the caller's clock. */
  readonly sinceMs: number;
}

interface Limit extends ThrottledRate {
  /** The rate that was too much. */
  readonly tooMuch: number;
  readonly cutAtMs: number;
}

/**
 * The curve is that of TCP's CUBIC (RFC 9438), which the AWS SDKs' adaptive retries use for rates as well. A smaller
 * cut and faster growth than theirs (0.7 and 0.4) lose less work, for one or two refusals more in a hundred requests.
 */
const keptAfterCut = 0.8;
const growth = 1;

/**
 * Requests a second that a store gets even if it refuses each of them: otherwise nobody would learn that it has
 * recovered.
 */
const leastPerSecond = 0.5;
/**
 * A store in trouble may refuse one request in twenty whatever the rate: slowing down would then cost nearly everything
 * and gain nothing. So the rate is cut only when more than one in eight is refused.
 */
const newestWeight = 0.02;
const tooManyRefused = 0.12;

/**
 * A store that has refused nothing for this long, and could serve several times what is asked, is no longer limited.
 */
const calmMs = 60_000;
const roomWanted = 4;

/**
 * Learns from a store's refusals how many requests a second it accepts. There is no limit until it refuses many. Then
 * the rate falls below what was served recently, returns within seconds to what was too much, lingers there, and grows
 * ever faster beyond, so that a store that allows more is soon used in full.
 *
 * Latency is no signal: a store that queues requests instead of refusing them works at its full rate anyway, and the
 * number of requests in flight is bounded elsewhere. All times are milliseconds of one monotonic clock.
 */
export class AdaptiveRate {
  readonly #served = new MeasuredRate();
  readonly #asked = new MeasuredRate();
  #limit: Limit | undefined;
  /** The share of refusals among the last fifty requests or so. */
  #refusedShare = 0;

  /** The present limit, or undefined. */
  get limit(): ThrottledRate | undefined {
    return this.#limit;
  }

  /** Notes that the store did what a request asked, or refused it for a reason of its own. */
  answered(nowMs: number): void {
    this.#asked.note(nowMs);
    this.#served.note(nowMs);
    this.#refusedShare *= 1 - newestWeight;
    const limit = this.#limit;
    if (limit === undefined) return;
    const served = this.#served.perSecond(nowMs);
    const wanted = grown(limit, nowMs);
    if (nowMs - limit.cutAtMs > calmMs && wanted > roomWanted * served) {
      this.#limit = undefined;
      return;
    }
    // Requests that are not made teach nothing, so unused room does not grow. The 2 is for a store that starts from
    // zero.
    const perSecond = Math.max(Math.min(wanted, 2 * served + 2), limit.perSecond);
    this.#limit = { ...limit, perSecond };
  }

  /** Notes that the store asked for fewer requests. */
  refused(nowMs: number): void {
    this.#asked.note(nowMs);
    this.#refusedShare += (1 - this.#refusedShare) * newestWeight;
    if (this.#refusedShare < tooManyRefused) return;
    const limit = this.#limit;
    // The rate follows what was served, however many requests are refused at once; where nothing is, it halves.
    const asked = Math.min(this.#asked.perSecond(nowMs), limit?.perSecond ?? Infinity);
    const tooMuch = Math.max(this.#served.perSecond(nowMs), asked / 2);
    const perSecond = Math.max(tooMuch * keptAfterCut, leastPerSecond);
    this.#limit = { tooMuch, perSecond, cutAtMs: nowMs, sinceMs: limit?.sinceMs ?? nowMs };
  }
}

function grown({ tooMuch, cutAtMs }: Limit, nowMs: number): number {
  const seconds = (nowMs - cutAtMs) / 1_000;
  const secondsBack = Math.cbrt((tooMuch * (1 - keptAfterCut)) / growth);
  return growth * (seconds - secondsBack) ** 3 + tooMuch;
}
