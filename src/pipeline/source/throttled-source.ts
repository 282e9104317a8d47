import type { StoreThrottle } from '../../flow/store-throttle.js';
import type { BlobSource } from './blob-source.js';

/**
 * Returns a source that asks each account no faster than the account accepts. A request counts as answered when its
 * first bytes are there: how fast a body is read says nothing about the account.
 */
export function throttledSource(source: BlobSource, throttleOf: (account: string) => StoreThrottle): BlobSource {
  const throttled = async <T>(
    account: string,
    signal: AbortSignal,
    request: () => Promise<T>,
    { errorIn, patienceMs }: { readonly errorIn?: (answer: T) => unknown; readonly patienceMs?: number } = {},
  ): Promise<T> => {
    const throttle = throttleOf(account);
    await throttle.turn(signal);
    try {
      const answer = await throttle.silence.during(request, patienceMs);
      throttle.told(errorIn?.(answer));
      return answer;
    } catch (error) {
      throttle.told(error);
      throw error;
    }
  };
  const { read } = source;
  return {
    listPage: (place, from, signal) => throttled(place.account, signal, () => source.listPage(place, from, signal)),
    head: (name, signal) => throttled(name.account, signal, () => source.head(name, signal)),
    async *open(blob, signal, offset) {
      const throttle = throttleOf(blob.account);
      await throttle.turn(signal);
      let isAnswered = false;
      try {
        for await (const piece of throttle.silence.duringBody(source.open(blob, signal, offset))) {
          if (!isAnswered) throttle.told();
          isAnswered = true;
          yield piece;
        }
        if (!isAnswered) throttle.told();
      } catch (error) {
        throttle.told(error);
        throw error;
      }
    },
    ...(read && {
      read: (blob, signal) =>
        throttled(blob.account, signal, () => read(blob, signal), {
          errorIn: ({ broken }) => broken,
          patienceMs: blob.bytes / receivedEachMs,
        }),
    }),
  };
}

// Bytes a millisecond. A slower body is trouble too, on the way from the account if not in it.
const receivedEachMs = 1_024;
