import { randomUUID } from 'node:crypto';
import { controlKeys } from '../control/control-keys.js';
import type { ControlStore } from '../control/control-store.js';
import { readRecord, writeRecord, type StoredRecord } from '../control/stored-record.js';
import { Failure } from '../domain/failure.js';
import { controlFormat, type MigrationRecord } from '../domain/stored/migration-record.js';
import { definitionDigest } from '../definition/definition-digest.js';
import { spoolUnits, type SpooledUnits, type SpoolRequest } from './spool-units.js';
import { type StagedChanges, stagedChanges } from './staged-changes.js';
import { writeSlices } from './write-slices.js';

/** What `start` stages. */
export interface StageRequest extends SpoolRequest {
  readonly store: ControlStore;
  /** Key base of the migration's control objects, `<control prefix>/<name>`. */
  readonly base: string;
  /** The newest staged round, or 0 if there is none. */
  readonly newestRound: number;
  /** Longhaul's version. */
  readonly version: string;
  readonly now: () => Date;
}

/**
 * How staging ended. `staged`: this call committed the round. `attached`: it was there, with equal digests. `changed`:
 * what is there differs; a safe change is in force now and `record` has it, otherwise nothing was written and `record`
 * is what was there.
 */
export type StageOutcome =
  | { readonly state: 'staged' | 'attached'; readonly record: MigrationRecord }
  | (StagedChanges & { readonly state: 'changed'; readonly record: MigrationRecord });

// Writes of `migration.json` that may fail by a lost reply or another `start` before the user is told.
const attemptsMax = 5;

/**
 * Stages round 0 of a migration: all units first, then `migration.json`, only if there is none, which is the commit. If
 * a round is staged already, compares with the newest one. May be repeated or run twice at the same time: one call
 * commits, the other attaches.
 */
export async function stageMigration(request: StageRequest): Promise<StageOutcome> {
  const { store, base, signal, progress } = request;
  const place = { control: store, base, round: request.newestRound };
  let stored = await readRecord(place, signal);
  // A different definition is seen without reading the units.
  const changes = stored && stagedChanges(stored.record, { definition: request.definition });
  if (stored !== undefined && changes?.safe === false) return { state: 'changed', ...changes, record: stored.record };

  const spooled = await spoolUnits(request);
  try {
    const record = newRecord(request, spooled);
    let slicesWritten = false;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const plan = planWrite(stored, record);
      if (!plan.write) return plan.outcome;
      if (stored === undefined && !slicesWritten) {
        await writeSlices({ spooled, store, base, round: 0, signal, progress });
        slicesWritten = true;
      }
      const write = { record: plan.outcome.record, replaces: stored?.etag };
      const written = await writeRecord(place, write, signal);
      if (written.state === 'written') return plan.outcome;
      // A lost reply or another `start`: what is there now shows which.
      stored = await readRecord(place, signal);
      if (stored !== undefined && isSame(stored.record, plan.outcome.record)) return plan.outcome;
    }
  } finally {
    await spooled.remove();
  }
  const key = controlKeys.migration(base, request.newestRound);
  const times = String(attemptsMax);
  throw new Failure(
    'TargetUnknownOutcome',
    `${key} was written ${times} times and its outcome is not known; start again`,
  );
}

/** Decides whether to write a record, and how staging has ended once it is written. */
function planWrite(
  stored: StoredRecord | undefined,
  record: MigrationRecord,
): { readonly outcome: StageOutcome; readonly write: boolean } {
  if (stored === undefined) return { outcome: { state: 'staged', record }, write: true };
  const there = stored.record;
  const { definition } = record;
  const changes = stagedChanges(there, { definition, spooled: record });
  if (!changes.safe) return { outcome: { state: 'changed', ...changes, record: there }, write: false };
  if (changes.differences.length === 0) return { outcome: { state: 'attached', record: there }, write: false };
  return { outcome: { state: 'changed', ...changes, record: { ...there, definition } }, write: true };
}

function newRecord(request: StageRequest, { unitsDigest, layout }: SpooledUnits): MigrationRecord {
  const { definition, version } = request;
  return {
    format: controlFormat,
    name: definition.name,
    id: randomUUID(),
    round: 0,
    definition,
    definitionDigest: definitionDigest(definition),
    unitsDigest,
    layout,
    version,
    stagedAt: request.now().toISOString(),
  };
}

const isSame = (a: MigrationRecord, b: MigrationRecord): boolean => JSON.stringify(a) === JSON.stringify(b);
