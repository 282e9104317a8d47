import { toFailure } from '../../domain/failure.js';
import type { FailureClass } from '../../domain/failure-classes.js';
import type { BoundedLabel } from './bounded-label.js';
import type { Take } from './meter.js';

/** Which store a request goes to, as its label. */
export type StoreLabel = 'source' | 'target' | 'control';

/** The requests of one kind to one store, since the counts were last reported. */
interface RequestRow {
  readonly labels: { readonly store: StoreLabel; readonly account?: string; readonly request: string };
  ended: number;
  ms: number;
}

interface FailureRow {
  readonly labels: { readonly store: StoreLabel; readonly account?: string; readonly class: FailureClass };
  count: number;
}

interface Place {
  readonly store: StoreLabel;
  readonly account: string | undefined;
  readonly requests: Map<string, RequestRow>;
  readonly failures: Map<FailureClass, FailureRow>;
  inFlight: number;
}

/** The metrics that requests are reported to. */
export interface RequestMetrics {
  readonly requests: Take;
  readonly requestMilliseconds: Take;
  readonly requestFailures: Take;
  readonly requestsInFlight: Take;
}

/**
 * Counts the requests of a process. There are hundreds a second, so they are counted in plain numbers, and reported to
 * the meter from time to time.
 */
export class RequestCounts {
  readonly #places = new Map<string, Place>();

  constructor(private readonly accounts: BoundedLabel) {}

  /** Counts one request until `answer` settles, and settles as it does. `errorIn` finds a failure in an answer. */
  async request<T>(
    answer: Promise<T>,
    { store, request, account, signal }: CountedRequest,
    errorIn?: (value: T) => unknown,
  ): Promise<T> {
    const place = this.#place(store, account);
    const startedMs = performance.now();
    place.inFlight += 1;
    try {
      const value = await answer;
      const error = errorIn?.(value);
      if (error !== undefined) noteFailure(place, error);
      return value;
    } catch (error) {
      // Whoever aborts has lost interest; the store has done nothing wrong.
      if (!signal.aborted) noteFailure(place, error);
      throw error;
    } finally {
      place.inFlight -= 1;
      noteEnd(place, request, performance.now() - startedMs);
    }
  }

  /** Counts one request whose answer is a body, as in flight until its first byte. */
  async *body(body: AsyncIterable<Uint8Array>, counted: CountedRequest): AsyncGenerator<Uint8Array> {
    const { store, request, account, signal } = counted;
    const place = this.#place(store, account);
    const startedMs = performance.now();
    let isAnswered = false;
    const answered = (): void => {
      if (isAnswered) return;
      isAnswered = true;
      place.inFlight -= 1;
      noteEnd(place, request, performance.now() - startedMs);
    };
    place.inFlight += 1;
    try {
      for await (const piece of body) {
        answered();
        yield piece;
      }
    } catch (error) {
      if (!signal.aborted) noteFailure(place, error);
      throw error;
    } finally {
      answered();
    }
  }

  /** Reports what has been counted since the last time. */
  tell(metrics: RequestMetrics): void {
    for (const { store, account, requests, failures, inFlight } of this.#places.values()) {
      metrics.requestsInFlight(inFlight, { store, ...(account !== undefined && { account }) });
      for (const row of requests.values()) {
        if (row.ended === 0) continue;
        metrics.requests(row.ended, row.labels);
        metrics.requestMilliseconds(Math.round(row.ms), row.labels);
        row.ended = 0;
        row.ms = 0;
      }
      for (const row of failures.values()) {
        if (row.count > 0) metrics.requestFailures(row.count, row.labels);
        row.count = 0;
      }
    }
  }

  #place(store: StoreLabel, account: string | undefined): Place {
    const label = account === undefined ? undefined : this.accounts.of(account);
    const key = `${store} ${label ?? ''}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = { store, account: label, requests: new Map(), failures: new Map(), inFlight: 0 };
      this.#places.set(key, place);
    }
    return place;
  }
}

/** Which request is counted. */
export interface CountedRequest {
  readonly store: StoreLabel;
  readonly request: string;
  readonly account?: string;
  readonly signal: AbortSignal;
}

function noteEnd({ requests, store, account }: Place, request: string, ms: number): void {
  let row = requests.get(request);
  if (row === undefined) {
    row = { labels: { store, ...(account !== undefined && { account }), request }, ended: 0, ms: 0 };
    requests.set(request, row);
  }
  row.ended += 1;
  row.ms += ms;
}

function noteFailure({ failures, store, account }: Place, error: unknown): void {
  const { failureClass } = toFailure(error);
  let row = failures.get(failureClass);
  if (row === undefined) {
    row = { labels: { store, ...(account !== undefined && { account }), class: failureClass }, count: 0 };
    failures.set(failureClass, row);
  }
  row.count += 1;
}
