import { forwardingTarget } from './forwarding-target.js';
import type { ObjectTarget, WriteCondition, WriteOutcome } from './object-target.js';

/**
 * Returns a target for a store that ignores conditions: a HEAD checks the condition first, and the object is then
 * published without one. What somebody else publishes in between is overwritten; nothing prevents that.
 */
export function lookingObjectTarget(target: ObjectTarget): ObjectTarget {
  const looked = async (
    request: { readonly key: string; readonly condition: WriteCondition },
    signal: AbortSignal,
    write: (condition: WriteCondition) => Promise<WriteOutcome>,
  ): Promise<WriteOutcome> => {
    const { key, condition } = request;
    const head = await target.head(key, signal);
    if (condition.kind === 'absent' && head !== undefined) return { state: 'refused' };
    if (condition.kind === 'etag' && head?.etag !== condition.etag) return { state: 'refused' };
    return await write({ kind: 'none' });
  };
  return {
    ...forwardingTarget(target),
    put: (request, signal) => looked(request, signal, (condition) => target.put({ ...request, condition }, signal)),
    completeUpload: (request, signal) =>
      looked(request, signal, (condition) => target.completeUpload({ ...request, condition }, signal)),
  };
}
