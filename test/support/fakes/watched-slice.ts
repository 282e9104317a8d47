import { toFailure } from '../../../src/domain/failure.js';
import type { SliceBeat, SliceResult } from '../../../src/domain/figures/slice-report.js';
import type { MemoryMigration } from './memory-migration.js';
import { MemoryProcess } from './memory-process.js';
import { type LastOfAttempt, shownStatus } from './shown-status.js';

/** The stores of a slice that are not in memory, and can be closed. */
type Stores = Partial<
  Record<keyof Pick<MemoryMigration['resources'], 'source' | 'target'>, { readonly close: () => void }>
> &
  Partial<Pick<MemoryMigration['resources'], 'source' | 'target'>>;

/** A slice that is attempted until it is complete or waits for somebody, with what `status` shows of it meanwhile. */
export class WatchedSlice {
  /** Called when `status` first shows that something waits. */
  onWaiting: () => void = () => undefined;
  #waiting: { readonly last: LastOfAttempt; readonly atMs: number } | undefined;
  #end: LastOfAttempt | undefined;

  /** `time` is the clock that leaps to the moment when a waiting slice may try again. */
  constructor(
    readonly migration: MemoryMigration,
    readonly stores: Stores,
    readonly time: { leap(ms: number): void },
  ) {}

  /** Whether `status` has shown that something waits. */
  get hasWaited(): boolean {
    return this.#waiting !== undefined;
  }

  /** Attempts at the slice until it is complete, waits for somebody or is stopped; closes its stores. */
  async move({ signal }: { readonly signal?: AbortSignal } = {}): Promise<SliceResult> {
    const process = new MemoryProcess({});
    const resources = { ...this.migration.resources, ...this.stores };
    try {
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const job = { resources, beat: (beat: SliceBeat) => this.#note({ beat }), ...(signal && { signal }) };
        const result = await process.move(this.migration, job);
        this.#note({ result });
        if (result.state === 'complete' || result.state === 'blocked' || signal?.aborted === true) return result;
        if (result.state === 'waiting') this.time.leap(result.retryInMs);
      }
      throw new Error('the slice comes to no end');
    } catch (error) {
      this.#end = { failure: toFailure(error) };
      throw error;
    } finally {
      for (const store of Object.values(this.stores)) store.close();
    }
  }

  /** What `status` shows at the end, or showed when something waited for the first time. */
  async status(when: 'end' | 'waiting' = 'end'): Promise<readonly string[]> {
    if (when === 'end') {
      if (this.#end === undefined) throw new Error('the slice has not ended');
      return shownStatus(this.#end, Date.now());
    }
    if (this.#waiting === undefined) throw new Error('nothing has waited');
    return shownStatus(this.#waiting.last, this.#waiting.atMs);
  }

  #note(last: { readonly beat: SliceBeat } | { readonly result: SliceResult }): void {
    if ('result' in last) this.#end = last;
    const waiting = 'beat' in last ? last.beat.waiting : last.result.state === 'waiting' ? last.result.waiting : [];
    if (this.#waiting !== undefined || waiting === undefined || waiting.length === 0) return;
    this.#waiting = { last, atMs: Date.now() };
    this.onWaiting();
  }
}
