/** How a promise ended, as a value. */
export type Settled<T> = { readonly value: T } | { readonly error: unknown };

/** Turns a rejection into a value, for promises that may fail long before somebody awaits them: that must not count as unhandled. */
export function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** Gives the value of a settled promise, or throws its error. */
export function unwrap<T>(result: Settled<T>): T {
  if ('error' in result) throw result.error;
  return result.value;
}
