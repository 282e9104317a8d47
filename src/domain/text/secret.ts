const inspected: unique symbol = Symbol.for('nodejs.util.inspect.custom');
const mask = '***';

/**
 * A secret in memory. However it is printed, inspected, serialised or put into a text, it shows as `***`; only
 * {@link reveal} returns it.
 */
export class Secret {
  // Private to the language: a spread, a clone and an inspection of hidden fields do not see it either.
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the secret, for the call that signs or sends with it. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [Symbol.toPrimitive](): string {
    return mask;
  }

  [inspected](): string {
    return mask;
  }
}
