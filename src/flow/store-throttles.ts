import { StoreThrottle } from './store-throttle.js';

/** One {@link StoreThrottle} for each store that a process uses, whichever migrations use it. */
export class StoreThrottles {
  readonly #throttles = new Map<string, StoreThrottle>();

  /** Reports whether any of the stores has asked for fewer requests. */
  get anyLimited(): boolean {
    return [...this.#throttles.values()].some(({ limit }) => limit !== undefined);
  }

  /** `store` names it, such as by its endpoint. */
  of(store: string): StoreThrottle {
    const throttle = this.#throttles.get(store) ?? new StoreThrottle();
    this.#throttles.delete(store);
    this.#throttles.set(store, throttle);
    const [oldest] = this.#throttles.keys();
    if (this.#throttles.size > storesMax && oldest !== undefined) this.#throttles.delete(oldest);
    return throttle;
  }
}

// Far more than one process serves at once; a forgotten one starts at full speed.
const storesMax = 4_096;
