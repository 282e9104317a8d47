import type { MigrationRecord } from '../domain/stored/migration-record.js';
import { stageRound, type NewRound } from './stage-round.js';

/** What is needed to stage the next round. */
export interface NextRound extends Omit<NewRound, 'says'> {
  /** The newest round, which must be closed. */
  readonly previous: MigrationRecord;
  /** What the record of the new round says, besides its units and when they were staged. */
  readonly says: Required<Pick<MigrationRecord, 'definition' | 'definitionDigest' | 'fileDigest' | 'before'>>;
}

/** Stages the round after `previous` over these units, each with the index that it had before, if it had one. */
export function stageNextRound({ previous, says, ...rest }: NextRound): Promise<MigrationRecord> {
  return stageRound({ ...rest, says: { ...previous, ...says, round: previous.round + 1 } });
}
