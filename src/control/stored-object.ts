import { allPages } from '../flow/all-pages.js';
import { tryAgain } from '../flow/try-again.js';
import type { ControlObject, ControlStore, ControlWrite } from './control-store.js';

/** Returns a control object, or undefined if there is none; tries again while its failures may pass. */
export function readObject(
  store: Pick<ControlStore, 'read'>,
  object: { readonly key: string; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<ControlObject | undefined> {
  return tryAgain(() => store.read(object.key, object.maxBytes, signal), signal);
}

/**
 * Writes a control object on a condition; tries again only if the store says that nothing was written. The caller must
 * settle a lost reply: a second try could not tell our own write from somebody else's.
 */
export function writeObject(
  store: Pick<ControlStore, 'write'>,
  object: {
    readonly key: string;
    readonly bytes: Uint8Array;
    readonly condition: 'absent' | { readonly etag: string };
  },
  signal: AbortSignal,
): Promise<ControlWrite> {
  return tryAgain(() => store.write(object.key, object.bytes, object.condition, signal), signal);
}

/** Writes a control object whose content is a function of its key; tries again while its failures may pass. */
export function overwriteObject(
  store: Pick<ControlStore, 'overwrite'>,
  object: { readonly key: string; readonly bytes: Uint8Array },
  signal: AbortSignal,
): Promise<void> {
  return tryAgain(() => store.overwrite(object.key, object.bytes, signal), signal);
}

/**
 * Writes an object of unknown length whose content is a function of its key; repeats each request while its failures
 * may pass. The bytes may be far more than fit into memory.
 */
export function overwriteStream(
  store: Pick<ControlStore, 'overwriteStream'>,
  object: { readonly key: string; readonly pieces: AsyncIterable<Uint8Array> },
  signal: AbortSignal,
): Promise<void> {
  return store.overwriteStream({ ...object, again: (request) => tryAgain(request, signal) }, signal);
}

/** Deletes a control object; tries again while its failures may pass. One that is gone is not a failure. */
export function deleteObject(store: Pick<ControlStore, 'delete'>, key: string, signal: AbortSignal): Promise<void> {
  return tryAgain(() => store.delete(key, signal), signal);
}

/**
 * Lists the keys below a prefix page by page; repeats each request while its failures may pass. Fails if the store
 * returns to an earlier page: a listing must end.
 */
export async function* listKeys(
  store: Pick<ControlStore, 'listPage'>,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const ask = (after: string | undefined) => store.listPage(prefix, after, signal);
  for await (const { keys } of allPages(ask, `list ${prefix}`, signal)) {
    for (const key of keys) {
      signal.throwIfAborted();
      yield key;
    }
  }
}
