import type { BytePace } from '../../flow/byte-pace.js';
import { forwardingTarget } from '../publish/forwarding-target.js';
import type { ObjectTarget } from '../publish/object-target.js';

/** Returns a target whose objects are read back no faster than a pace allows. */
export function pacedTarget(target: ObjectTarget, pace: BytePace): ObjectTarget {
  return {
    ...forwardingTarget(target),
    async *get(key, etag, signal) {
      for await (const piece of target.get(key, etag, signal)) {
        await pace.take(piece.length, signal);
        yield piece;
      }
    },
  };
}
