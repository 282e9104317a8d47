import type { StoreThrottle } from '../../flow/store-throttle.js';
import type { ObjectTarget, WriteOutcome } from './object-target.js';

/** Returns a target that is asked no faster than it accepts. */
export function throttledTarget(target: ObjectTarget, throttle: StoreThrottle): ObjectTarget {
  const throttled = async <T>(
    signal: AbortSignal,
    request: () => Promise<T>,
    {
      errorIn = () => undefined,
      patienceMs = 0,
    }: { readonly errorIn?: (answer: T) => unknown; readonly patienceMs?: number } = {},
  ): Promise<T> => {
    await throttle.turn(signal);
    try {
      const answer = await throttle.silence.during(request, patienceMs);
      throttle.told(errorIn(answer));
      return answer;
    } catch (error) {
      throttle.told(error);
      throw error;
    }
  };
  return {
    head: (key, signal) => throttled(signal, () => target.head(key, signal)),
    put: (request, signal) =>
      throttled(signal, () => target.put(request, signal), {
        errorIn: causeOf,
        patienceMs: sendingMs(request.body),
      }),
    createUpload: (key, metadata, signal) => throttled(signal, () => target.createUpload(key, metadata, signal)),
    uploadPart: (part, signal) =>
      throttled(signal, () => target.uploadPart(part, signal), { patienceMs: sendingMs(part.body) }),
    listParts: (key, uploadId, signal) => throttled(signal, () => target.listParts(key, uploadId, signal)),
    completeUpload: (request, signal) =>
      throttled(signal, () => target.completeUpload(request, signal), { errorIn: causeOf, patienceMs: joiningMs }),
    abortUpload: (key, uploadId, signal) => throttled(signal, () => target.abortUpload(key, uploadId, signal)),
    tags: (key, signal) => throttled(signal, () => target.tags(key, signal)),
    listPage: (prefix, after, signal) => throttled(signal, () => target.listPage(prefix, after, signal)),
    async *get(key, etag, signal) {
      await throttle.turn(signal);
      try {
        yield* throttle.silence.duringBody(target.get(key, etag, signal));
        throttle.told();
      } catch (error) {
        throttle.told(error);
        throw error;
      }
    },
  };
}

// A store joins the parts of a large object before it answers.
const joiningMs = 60_000;
// Bytes a millisecond. A slower body is trouble too, on the way to the store if not in it.
const sentEachMs = 1_024;

/** Returns how long sending a body may take before the store can answer. */
function sendingMs(body: Uint8Array): number {
  return body.length / sentEachMs;
}

function causeOf(outcome: WriteOutcome): unknown {
  return outcome.state === 'unknown' ? outcome.cause : undefined;
}
