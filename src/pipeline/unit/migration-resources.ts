import type { ControlStore } from '../../control/control-store.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { FindRenderer } from '../../domain/rendered-find.js';
import type { ThrottledRate } from '../../flow/adaptive-rate.js';
import type { ListingHabits } from '../discover/sharing/listing-habits.js';
import type { ObjectTarget } from '../publish/object-target.js';
import type { BlobSource } from '../source/blob-source.js';

/** What moving the units of one round needs, opened once in a process and shared by its slices. */
export interface MigrationResources {
  readonly record: MigrationRecord;
  /** Key base of the migration's control objects, without a slash at its end. */
  readonly base: string;
  readonly control: ControlStore;
  readonly source: BlobSource;
  readonly target: ObjectTarget;
  readonly find: FindRenderer;
  readonly listingHabits: ListingHabits;
  readonly throttled: ThrottledStores;
  readonly silent: SilentStores;
}

/** Tells which stores asked for fewer requests and how many they get now; undefined for full speed. */
export interface ThrottledStores {
  /** The accounts of the migration that were throttled, at most all of them. */
  accounts(): readonly string[];
  account(name: string): ThrottledRate | undefined;
  target(): ThrottledRate | undefined;
}

/** Tells for how many milliseconds stores have let requests wait and answered none. */
export interface SilentStores {
  account(name: string): number | undefined;
  target(): number | undefined;
}
