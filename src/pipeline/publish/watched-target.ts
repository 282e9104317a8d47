import type { ObjectTarget } from './object-target.js';

/** Returns a target that tells `advanced` of every answer and of every piece of an object that is read back. */
export function watchedTarget(target: ObjectTarget, advanced: () => void): ObjectTarget {
  return {
    head: (...request) => target.head(...request).finally(advanced),
    put: (...request) => target.put(...request).finally(advanced),
    createUpload: (...request) => target.createUpload(...request).finally(advanced),
    uploadPart: (...request) => target.uploadPart(...request).finally(advanced),
    listParts: (...request) => target.listParts(...request).finally(advanced),
    completeUpload: (...request) => target.completeUpload(...request).finally(advanced),
    abortUpload: (...request) => target.abortUpload(...request).finally(advanced),
    async *get(...request) {
      for await (const piece of target.get(...request)) {
        advanced();
        yield piece;
      }
    },
  };
}
