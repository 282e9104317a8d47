import type { PlannedUnit } from '../../domain/receipt.js';
import type { BlobSource } from '../source/blob-source.js';

/** Counts the requests for names that are made at a source, for several units at once. */
export class RequestCounter {
  readonly source: BlobSource;
  #lists = 0;
  #heads = 0;

  constructor(source: BlobSource) {
    this.source = {
      listPage: (...request) => {
        this.#lists += 1;
        return source.listPage(...request);
      },
      head: (...request) => {
        this.#heads += 1;
        return source.head(...request);
      },
      open: (...request) => source.open(...request),
      ...(source.read && { read: source.read }),
    };
  }

  /**
   * Returns the requests since it was last asked. A listing that units share counts for the unit that is finished
   * first.
   */
  take(): PlannedUnit['requests'] {
    const counts = { lists: this.#lists, heads: this.#heads };
    this.#lists = 0;
    this.#heads = 0;
    return counts;
  }
}
