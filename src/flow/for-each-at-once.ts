/** Work on one of many items; its signal is aborted once another has failed. */
export type ItemWork<T> = (item: T, signal: AbortSignal) => Promise<void>;

/**
 * Works on the items of a sequence of any length, at most `atOnce` at a time. The first failure, of the work or of the
 * sequence itself, aborts the rest and is thrown when nothing runs any more, so that no rejection is left behind.
 */
export async function forEachAtOnce<T>(
  items: AsyncIterable<T>,
  options: { readonly atOnce: number; readonly signal: AbortSignal },
  work: ItemWork<T>,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const running = new Set<Promise<void>>();
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      const one = work(item, signal)
        .catch((error: unknown) => failed.abort(error))
        .finally(() => running.delete(one));
      running.add(one);
      if (running.size >= options.atOnce) await Promise.race(running);
    }
  } catch (error) {
    failed.abort(error);
  }
  await Promise.all(running);
  signal.throwIfAborted();
}
