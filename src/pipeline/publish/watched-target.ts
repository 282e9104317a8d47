import { Failure } from '../../domain/failure.js';
import type { ObjectTarget, WriteOutcome } from './object-target.js';

/**
 * Called when a request of this kind was answered, or a piece of an object was read back; with `error` if it failed, or
 * if nobody knows whether its write took effect.
 */
export type TargetWatch = (request: keyof ObjectTarget, error?: unknown) => void;

/** Returns a target that reports every answer, every failure, and every piece of an object that is read back. */
export function watchedTarget(target: ObjectTarget, tell: TargetWatch): ObjectTarget {
  const told = async <T>(
    request: keyof ObjectTarget,
    answer: Promise<T>,
    errorIn: (value: T) => unknown = () => undefined,
  ): Promise<T> => {
    try {
      const value = await answer;
      tell(request, errorIn(value));
      return value;
    } catch (error) {
      tell(request, error);
      throw error;
    }
  };
  return {
    head: (...request) => told('head', target.head(...request)),
    put: (...request) => told('put', target.put(...request), unknownCause),
    createUpload: (...request) => told('createUpload', target.createUpload(...request)),
    uploadPart: (...request) => told('uploadPart', target.uploadPart(...request)),
    listParts: (...request) => told('listParts', target.listParts(...request)),
    completeUpload: (...request) => told('completeUpload', target.completeUpload(...request), unknownCause),
    abortUpload: (...request) => told('abortUpload', target.abortUpload(...request)),
    tags: (...request) => told('tags', target.tags(...request)),
    listPage: (...request) => told('listPage', target.listPage(...request)),
    async *get(...request) {
      try {
        for await (const piece of target.get(...request)) {
          tell('get');
          yield piece;
        }
      } catch (error) {
        tell('get', error);
        throw error;
      }
    },
  };
}

function unknownCause(outcome: WriteOutcome): Failure | undefined {
  if (outcome.state !== 'unknown') return undefined;
  const { cause } = outcome;
  if (cause instanceof Failure) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure('TargetUnknownOutcome', `nobody knows whether a write took effect: ${reason}`, { cause });
}
