import type { MigrationRecord } from '../domain/stored/migration-record.js';
import type { ControlStore } from './control-store.js';

/** Where a migration's control objects are. */
export interface ControlPrefix {
  readonly control: ControlStore;
  /** `<control prefix>/<name>`, without a slash at its end. */
  readonly base: string;
}

/** Where the control objects of one round are. */
export interface ControlRound extends ControlPrefix {
  readonly round: number;
}

/** Where a round's control objects are, with the record that describes them. */
export interface StagedPrefix extends ControlPrefix {
  readonly record: MigrationRecord;
}

/** Returns where the control objects of a staged round are. */
export function controlRound({ control, base, record }: StagedPrefix): ControlRound {
  return { control, base, round: record.round };
}
