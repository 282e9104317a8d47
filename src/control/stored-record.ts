import { Failure } from '../domain/failure.js';
import { controlFormat, type MigrationRecord } from '../domain/migration-record.js';
import type { MigrationStore } from '../definition/staging/migration-store.js';

/** A `migration.json` as read, with the ETag that its replacement must name. */
export interface StoredRecord {
  readonly record: MigrationRecord;
  readonly etag: string;
}

/** Reads `migration.json`; undefined where there is none. One of a newer Longhaul is a `Failure` of class `FormatTooNew`. */
export async function readMigrationRecord(
  store: Pick<MigrationStore, 'read'>,
  key: string,
  signal: AbortSignal,
): Promise<StoredRecord | undefined> {
  const stored = await store.read(key, signal);
  if (stored === undefined) return undefined;
  const value = parse(new TextDecoder().decode(stored.bytes), key);
  if (typeof value !== 'object' || value === null || !('format' in value) || typeof value.format !== 'number') {
    throw notARecord(key);
  }
  if (value.format > controlFormat) {
    const formats = `${String(value.format)}, and this one reads up to ${String(controlFormat)}`;
    throw new Failure(
      'FormatTooNew',
      `${key} was written by a newer Longhaul: its format is ${formats}; upgrade this one`,
    );
  }
  return { record: value as unknown as MigrationRecord, etag: stored.etag };
}

/** Gives the bytes of `migration.json`. */
export function migrationRecordBytes(record: MigrationRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, undefined, 2)}\n`);
}

function parse(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notARecord(key, error);
  }
}

const notARecord = (key: string, cause?: unknown): Failure =>
  new Failure(
    'ConfigError',
    `${key} in the control bucket is not the record of a migration; choose another target.control`,
    {
      cause,
    },
  );
