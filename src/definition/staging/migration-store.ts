import type { StagingStore } from '../../staging/write-slices.js';

/** How a conditional write ended; `unknown`: the reply was lost, reading it back decides. */
export type RecordWrite =
  | { readonly state: 'written'; readonly etag: string }
  | { readonly state: 'refused' }
  | { readonly state: 'unknown'; readonly cause: unknown };

/**
 * What staging needs of the control prefix; the control store of the pipeline has this shape. Keys are whole keys in
 * the control bucket.
 */
export interface MigrationStore extends StagingStore {
  read(key: string, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined>;
  write(
    key: string,
    bytes: Uint8Array,
    condition: 'absent' | { readonly etag: string },
    signal: AbortSignal,
  ): Promise<RecordWrite>;
}
