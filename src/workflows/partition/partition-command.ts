import type { MigrationFailure } from '../messages.js';

/** What a partition asks its driver to do. */
export type PartitionCommand =
  | { readonly kind: 'schedule'; readonly slice: number; readonly canary: boolean }
  | { readonly kind: 'interrupt-slices' }
  | { readonly kind: 'wake'; readonly atMs: number }
  | { readonly kind: 'end'; readonly as: 'complete' | 'continued' | 'cancelled' | MigrationFailure };
