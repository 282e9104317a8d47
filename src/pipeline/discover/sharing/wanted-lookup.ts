import type { ListedBlob } from '../../source/blob-source.js';

/** The listing of one lookup of one unit, as long as it may come from a shared listing. */
export interface WantedLookup {
  /** Where its unit is in the slice. */
  readonly position: number;
  readonly prefix: string;
  readonly matches: (name: string) => boolean;
  /** What a shared listing found for it, until the unit takes it. */
  found: readonly ListedBlob[] | undefined;
  /** The unit has what was found, or lists by itself. */
  settled: boolean;
}

/** Reports whether a shared listing may still serve the lookup. */
export function isOpen({ found, settled }: WantedLookup): boolean {
  return found === undefined && !settled;
}

/** Estimates the memory that a blob takes while it waits for its unit. */
export function heldBytes({ name }: ListedBlob): number {
  return 256 + name.length;
}
