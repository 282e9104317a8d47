import type { MigrationRecord, OwnerRecord, SummaryRecord } from '../domain/stored/migration-record.js';
import type { ControlPrefix } from './control-prefix.js';
import { readOwner } from './owner.js';
import { readRecord, type StoredRecord } from './stored-record.js';
import { readSummary } from './summary.js';

/** What the control prefix says about a migration's newest round. `owner` is of the whole migration. */
export interface StagedRound {
  readonly record: MigrationRecord;
  /** ETag of `migration.json`, for replacing it. */
  readonly recordEtag: string;
  readonly owner: OwnerRecord | undefined;
  readonly summary: SummaryRecord | undefined;
}

/** Returns the newest round of a migration; undefined if none is staged. */
export async function readNewestRound(place: ControlPrefix, signal: AbortSignal): Promise<StagedRound | undefined> {
  let newest: StoredRecord | undefined;
  for (let round = 0; ; round += 1) {
    const stored = await readRecord({ ...place, round }, signal);
    if (stored === undefined) break;
    newest = stored;
  }
  if (newest === undefined) return undefined;
  const { record, etag } = newest;
  const [owner, summary] = await Promise.all([
    readOwner(place, signal),
    readSummary({ ...place, round: record.round }, signal),
  ]);
  return { record, recordEtag: etag, owner, summary };
}
