/** How a promise ended, as a value. */
export type Settled<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Turns a rejection into a value, so that a promise which fails long before somebody awaits it does not count as
 * unhandled.
 */
export function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** Returns the value of a settled promise, or throws its error. */
export function unwrap<T>(result: Settled<T>): T {
  if ('error' in result) throw result.error;
  return result.value;
}
