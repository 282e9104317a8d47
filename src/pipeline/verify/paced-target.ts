import type { BytePace } from '../../flow/byte-pace.js';
import type { ObjectTarget } from '../publish/object-target.js';

/** Returns a target whose objects are read back no faster than a pace allows. */
export function pacedTarget(target: ObjectTarget, pace: BytePace): ObjectTarget {
  return {
    head: (...request) => target.head(...request),
    put: (...request) => target.put(...request),
    createUpload: (...request) => target.createUpload(...request),
    uploadPart: (...request) => target.uploadPart(...request),
    listParts: (...request) => target.listParts(...request),
    completeUpload: (...request) => target.completeUpload(...request),
    abortUpload: (...request) => target.abortUpload(...request),
    tags: (...request) => target.tags(...request),
    listPage: (...request) => target.listPage(...request),
    async *get(key, etag, signal) {
      for await (const piece of target.get(key, etag, signal)) {
        await pace.take(piece.length, signal);
        yield piece;
      }
    },
  };
}
