import type { ControlStore } from '../../control/control-store.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { FindRenderer } from '../../domain/rendered-find.js';
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
}
