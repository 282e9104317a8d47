/** A small control object as read. */
export interface ControlObject {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** How a conditional write of a control object ended; `unknown`: the reply was lost, reading it back decides. */
export type ControlWrite =
  | { readonly state: 'written'; readonly etag: string }
  | { readonly state: 'refused' }
  | { readonly state: 'unknown'; readonly cause: unknown };

/** One page of a listing; `next` asks for the page after it and is absent on the last. */
export interface KeyPage {
  readonly keys: readonly string[];
  readonly next?: string;
}

/** An object whose length is not known before its last byte. */
export interface StreamedObject {
  readonly key: string;
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Makes one request, and repeats it while its failures may pass: the pieces cannot be read twice. */
  readonly again: <Result>(request: () => Promise<Result>) => Promise<Result>;
}

/**
 * The control prefix: small objects that are read and replaced as a whole, and large ones that pass through in pieces.
 * Contract:
 * - Keys are whole keys in the control bucket. Every call makes one request; the caller decides whether to try again.
 *   Errors are `Failure`s of the target's classes.
 * - `read` holds no more than `maxBytes`: a larger object is a `LedgerMismatch`.
 * - `write` is conditional: `absent`, or the ETag just read. 412, 409 and 404 to `If-Match` are `refused`. It fails
 *   only where nothing was written.
 * - `overwrite` is for content that is a function of its key (staged units, manifests): repeating it changes nothing.
 * - `overwriteStream` is `overwrite` for an object of unknown length, of at most 78 GiB, in at most 40 MiB of memory.
 *   It makes as many requests as there are parts of 8 MiB, and one for fewer bytes. The object appears as a whole. What
 *   was sent is removed again where a piece, or a request, fails.
 * - `readStream` yields what is there at the first request, which must have an ETag. Fails with `TargetRace` where
 *   there is no such object.
 * - `listPage` returns keys below a prefix, in no promised order.
 * - Aborting the signal rejects with the signal's own reason.
 */
export interface ControlStore {
  read(key: string, maxBytes: number, signal: AbortSignal): Promise<ControlObject | undefined>;
  write(
    key: string,
    bytes: Uint8Array,
    condition: 'absent' | { readonly etag: string },
    signal: AbortSignal,
  ): Promise<ControlWrite>;
  overwrite(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  overwriteStream(object: StreamedObject, signal: AbortSignal): Promise<void>;
  readStream(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  listPage(prefix: string, after: string | undefined, signal: AbortSignal): Promise<KeyPage>;
  delete(key: string, signal: AbortSignal): Promise<void>;
}
