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

/**
 * The control prefix: small objects that are read and replaced as a whole. Contract:
 * - Keys are whole keys in the control bucket. Errors are `Failure`s of the target's classes. Transient ones have been tried again, a
 *   bounded number of times, where that is safe: reads, lists, deletes and unconditional writes.
 * - `write` is conditional and never tried again inside: `absent` or the ETag just read. 412, 409 and 404 to `If-Match` are `refused`.
 * - `overwrite` is for content that is a function of its key (staged units, manifests): repeating it changes nothing.
 * - Aborting the signal rejects with the signal's own reason.
 */
export interface ControlStore {
  read(key: string, signal: AbortSignal): Promise<ControlObject | undefined>;
  write(
    key: string,
    bytes: Uint8Array,
    condition: 'absent' | { readonly etag: string },
    signal: AbortSignal,
  ): Promise<ControlWrite>;
  overwrite(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Gives the keys below a prefix in no promised order. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<string>;
  delete(key: string, signal: AbortSignal): Promise<void>;
}
