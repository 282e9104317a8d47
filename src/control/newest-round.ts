import { controlKeys } from './control-keys.js';
import { Failure } from '../domain/failure.js';
import {
  controlFormat,
  type MigrationRecord,
  type OwnerRecord,
  type SummaryRecord,
} from '../domain/migration-record.js';
import type { ControlStore } from './control-store.js';

/** What the control prefix tells of a migration's newest round. `owner` is of the whole migration. */
export interface StagedRound {
  readonly record: MigrationRecord;
  /** ETag of `migration.json`, for replacing it. */
  readonly recordEtag: string;
  readonly owner: OwnerRecord | undefined;
  readonly summary: SummaryRecord | undefined;
}

/** Reads the newest round of the migration whose control objects lie below `base`; undefined when none is staged. */
export async function readNewestRound(
  control: ControlStore,
  base: string,
  signal: AbortSignal,
): Promise<StagedRound | undefined> {
  let newest: Stored<MigrationRecord> | undefined;
  for (let round = 0; ; round += 1) {
    const stored = await readRecord<MigrationRecord>(control, controlKeys.migration(base, round), signal);
    if (stored === undefined) break;
    newest = stored;
  }
  if (newest === undefined) return undefined;
  const [owner, summary] = await Promise.all([
    readRecord<OwnerRecord>(control, controlKeys.owner(base), signal),
    readRecord<SummaryRecord>(control, controlKeys.summary(base, newest.value.round), signal),
  ]);
  return { record: newest.value, recordEtag: newest.etag, owner: owner?.value, summary: summary?.value };
}

/** Reads the record of a round that must be there. */
export async function readRoundRecord(
  control: ControlStore,
  key: string,
  signal: AbortSignal,
): Promise<MigrationRecord> {
  const stored = await readRecord<MigrationRecord>(control, key, signal);
  if (stored === undefined) throw new Failure('LedgerLost', `Reading ${key} failed: it is gone`);
  return stored.value;
}

interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

async function readRecord<T extends { readonly format: number }>(
  control: ControlStore,
  key: string,
  signal: AbortSignal,
): Promise<Stored<T> | undefined> {
  const object = await control.read(key, signal);
  if (object === undefined) return undefined;
  const value = parsed(object.bytes, key) as T;
  if (value.format > controlFormat) {
    throw new Failure(
      'FormatTooNew',
      `Reading ${key} failed: it has format ${String(value.format)}, and this Longhaul knows ${String(controlFormat)}`,
    );
  }
  return { value, etag: object.etag };
}

function parsed(bytes: Uint8Array, key: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new Failure('LedgerMismatch', `Reading ${key} failed: it is not JSON`, { cause });
  }
}
