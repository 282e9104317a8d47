import type { ObjectTarget } from './object-target.js';

/** Returns a target that passes every request on as it is, for wrappers that change only some of them. */
export function forwardingTarget(target: ObjectTarget): ObjectTarget {
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
    get: (...request) => target.get(...request),
  };
}
