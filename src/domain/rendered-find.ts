import type { StagedUnit } from './unit.js';

/** One listing or one exact blob that a lookup asks for, for one unit and one `each` combination. */
export interface RenderedLookup {
  /** Position of the lookup in `find`. */
  readonly lookup: number;
  /** Position of the `each` combination inside the lookup. */
  readonly combination: number;
  readonly account: string;
  readonly container: string;
  readonly optional: boolean;
  /** Either an exact name, or a prefix and a test of a blob's whole name. */
  readonly find:
    | { readonly kind: 'blob'; readonly name: string }
    | { readonly kind: 'prefix'; readonly prefix: string; readonly matches: (name: string) => boolean };
}

/**
 * `expect` of a migration file, rendered for one unit: numbers of blobs, and what captures their numbers in a sequence.
 */
export interface RenderedExpect {
  readonly blobs?: number;
  readonly min?: number;
  readonly max?: number;
  /** Returns the number in the name of a blob as it is written, or undefined where there is none. */
  readonly sequence?: (name: string) => string | undefined;
}

/**
 * Renders `find` and `expect` for a unit; implemented by `definition`. Throws a `Failure` of class `ConfigError` where
 * a template does not render for this unit. Pure: equal units give equal lookups, in order.
 */
export interface FindRenderer {
  lookups(unit: StagedUnit): readonly RenderedLookup[];
  expect(unit: StagedUnit): RenderedExpect;
}
