import type { StoreThrottle } from '../../flow/store-throttle.js';
import type { ObjectTarget, WriteOutcome } from './object-target.js';

/** Returns a target that is asked no faster than it accepts. */
export function throttledTarget(target: ObjectTarget, throttle: StoreThrottle): ObjectTarget {
  const throttled = async <T>(
    signal: AbortSignal,
    request: () => Promise<T>,
    errorIn: (answer: T) => unknown = () => undefined,
  ): Promise<T> => {
    await throttle.turn(signal);
    try {
      const answer = await request();
      throttle.told(errorIn(answer));
      return answer;
    } catch (error) {
      throttle.told(error);
      throw error;
    }
  };
  return {
    head: (key, signal) => throttled(signal, () => target.head(key, signal)),
    put: (request, signal) => throttled(signal, () => target.put(request, signal), causeOf),
    createUpload: (key, metadata, signal) => throttled(signal, () => target.createUpload(key, metadata, signal)),
    uploadPart: (part, signal) => throttled(signal, () => target.uploadPart(part, signal)),
    listParts: (key, uploadId, signal) => throttled(signal, () => target.listParts(key, uploadId, signal)),
    completeUpload: (request, signal) => throttled(signal, () => target.completeUpload(request, signal), causeOf),
    abortUpload: (key, uploadId, signal) => throttled(signal, () => target.abortUpload(key, uploadId, signal)),
    tags: (key, signal) => throttled(signal, () => target.tags(key, signal)),
    listPage: (prefix, after, signal) => throttled(signal, () => target.listPage(prefix, after, signal)),
    async *get(key, etag, signal) {
      await throttle.turn(signal);
      try {
        yield* target.get(key, etag, signal);
        throttle.told();
      } catch (error) {
        throttle.told(error);
        throw error;
      }
    },
  };
}

function causeOf(outcome: WriteOutcome): unknown {
  return outcome.state === 'unknown' ? outcome.cause : undefined;
}
