import type { ControlStore, ControlWrite } from '../../control/control-store.js';
import type { ObjectTarget, WriteOutcome } from '../../pipeline/publish/object-target.js';
import type { BlobSource } from '../../pipeline/source/blob-source.js';
import { Failure } from '../../domain/failure.js';
import type { CountedRequest, RequestCounts } from './request-counts.js';

/** Returns a source whose requests are counted by account. */
export function countedSource(source: BlobSource, counts: RequestCounts): BlobSource {
  const { read } = source;
  return {
    listPage: (place, from, signal) =>
      counts.request(source.listPage(place, from, signal), ofSource('list', place.account, signal)),
    head: (name, signal) => counts.request(source.head(name, signal), ofSource('head', name.account, signal)),
    open: (blob, signal, offset) =>
      counts.body(source.open(blob, signal, offset), ofSource('get', blob.account, signal)),
    ...(read && {
      read: (blob, signal) =>
        counts.request(read(blob, signal), ofSource('get', blob.account, signal), ({ broken }) => broken),
    }),
  };
}

/** Returns a target whose requests are counted. */
export function countedTarget(target: ObjectTarget, counts: RequestCounts): ObjectTarget {
  const of = (request: string, signal: AbortSignal): CountedRequest => ({ store: 'target', request, signal });
  return {
    head: (key, signal) => counts.request(target.head(key, signal), of('head', signal)),
    put: (put, signal) => counts.request(target.put(put, signal), of('put', signal), unknownCause),
    createUpload: (key, metadata, signal) =>
      counts.request(target.createUpload(key, metadata, signal), of('create-upload', signal)),
    uploadPart: (part, signal) => counts.request(target.uploadPart(part, signal), of('upload-part', signal)),
    listParts: (key, uploadId, signal) =>
      counts.request(target.listParts(key, uploadId, signal), of('list-parts', signal)),
    completeUpload: (request, signal) =>
      counts.request(target.completeUpload(request, signal), of('complete-upload', signal), unknownCause),
    abortUpload: (key, uploadId, signal) =>
      counts.request(target.abortUpload(key, uploadId, signal), of('abort-upload', signal)),
    tags: (key, signal) => counts.request(target.tags(key, signal), of('get-tags', signal)),
    listPage: (prefix, after, signal) => counts.request(target.listPage(prefix, after, signal), of('list', signal)),
    get: (key, etag, signal) => counts.body(target.get(key, etag, signal), of('get', signal)),
  };
}

/** Returns a control store whose requests are counted. */
export function countedControl(store: ControlStore, counts: RequestCounts): ControlStore {
  const of = (request: string, signal: AbortSignal): CountedRequest => ({ store: 'control', request, signal });
  return {
    read: (key, maxBytes, signal) => counts.request(store.read(key, maxBytes, signal), of('get', signal)),
    write: (key, bytes, condition, signal) =>
      counts.request(store.write(key, bytes, condition, signal), of('put', signal), unknownCause),
    overwrite: (key, bytes, signal) => counts.request(store.overwrite(key, bytes, signal), of('put', signal)),
    overwriteStream: (object, signal) =>
      counts.request(store.overwriteStream(object, signal), of('put-stream', signal)),
    readStream: (key, signal) => counts.body(store.readStream(key, signal), of('get', signal)),
    listPage: (prefix, after, signal) => counts.request(store.listPage(prefix, after, signal), of('list', signal)),
    delete: (key, signal) => counts.request(store.delete(key, signal), of('delete', signal)),
  };
}

function ofSource(request: string, account: string, signal: AbortSignal): CountedRequest {
  return { store: 'source', request, account, signal };
}

/** A write that may or may not have taken effect counts as failed, whatever becomes of it. */
function unknownCause(outcome: WriteOutcome | ControlWrite): unknown {
  if (outcome.state !== 'unknown') return undefined;
  const { cause } = outcome;
  return cause instanceof Failure ? cause : new Failure('TargetUnknownOutcome', 'the reply was lost', { cause });
}
