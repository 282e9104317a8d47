const bucketMs = 500;
/** The weight of the newest bucket. About a second is remembered, so that a change shows at once. */
const newestWeight = 0.8;

/** Counts events and returns how many a second there were recently, smoothed over about a second. */
export class MeasuredRate {
  #firstMs: number | undefined;
  #bucket = 0;
  #count = 0;
  /** Undefined until the first bucket is full. */
  #smoothed: number | undefined;

  note(nowMs: number): void {
    this.#roll(nowMs);
    this.#count += 1;
  }

  perSecond(nowMs: number): number {
    this.#roll(nowMs);
    return this.#smoothed ?? this.#count / Math.max((nowMs - (this.#firstMs ?? nowMs)) / 1_000, bucketMs / 1_000);
  }

  #roll(nowMs: number): void {
    this.#firstMs ??= nowMs;
    const bucket = Math.floor((nowMs - this.#firstMs) / bucketMs);
    const passed = bucket - this.#bucket;
    if (passed <= 0) return;
    const newest = this.#count * (1_000 / bucketMs);
    const smoothed = newest * newestWeight + (this.#smoothed ?? newest) * (1 - newestWeight);
    // Nothing happened in the buckets after that.
    this.#smoothed = smoothed * (1 - newestWeight) ** (passed - 1);
    this.#bucket = bucket;
    this.#count = 0;
  }
}
