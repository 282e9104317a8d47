/**
 * When something last went well, by name, in milliseconds since the epoch: evidence that a failure elsewhere is not the
 * fault of what the name stands for. Keeps the names used last.
 */
export class SuccessLog {
  readonly #lastMs = new Map<string, number>();

  note(name: string, nowMs: number): void {
    this.#lastMs.delete(name);
    this.#lastMs.set(name, nowMs);
    const [oldest] = this.#lastMs.keys();
    if (this.#lastMs.size > namesMax && oldest !== undefined) this.#lastMs.delete(oldest);
  }

  /** Reports whether something with this name went well at or after `sinceMs`. */
  hasSince(name: string, sinceMs: number): boolean {
    return (this.#lastMs.get(name) ?? -Infinity) >= sinceMs;
  }
}

// Accounts and targets of the migrations that a process works for; a forgotten one only makes a unit wait longer.
const namesMax = 4_096;
