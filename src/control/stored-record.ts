import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import { controlBase, type MigrationRecord } from '../domain/stored/migration-record.js';
import { controlKeys } from './control-keys.js';
import type { ControlPrefix, ControlRound } from './control-prefix.js';
import type { ControlWrite } from './control-store.js';
import { damaged } from './damage.js';
import { sizeLimits } from './size-limits.js';
import { readObject, writeObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/** A `migration.json` as read, with the ETag that its replacement must name. */
export interface StoredRecord {
  readonly record: MigrationRecord;
  readonly etag: string;
}

/** Returns the `migration.json` of a round; undefined if the round is not staged. */
export async function readRecord(place: ControlRound, signal: AbortSignal): Promise<StoredRecord | undefined> {
  const key = controlKeys.migration(place.base, place.round);
  const object = await readObject(place.control, { key, maxBytes: sizeLimits.record }, signal);
  if (object === undefined) return undefined;
  const record = recordJson.parse(object.bytes, key);
  if (record.round !== place.round) throw damaged(key, `it is the record of round ${String(record.round)}`);
  if (!place.base.endsWith(controlBase({ prefix: '', name: record.name })))
    throw damaged(key, `it is the record of the migration ${record.name}`);
  return { record, etag: object.etag };
}

/** Returns the record of a round that must be there. */
export async function readStagedRecord(place: ControlRound, signal: AbortSignal): Promise<MigrationRecord> {
  const stored = await readRecord(place, signal);
  if (stored !== undefined) return stored.record;
  throw new Failure('LedgerLost', `${controlKeys.migration(place.base, place.round)} in the control bucket is gone`);
}

/** Writes the `migration.json` of the record's round: a new one, or in place of the one with this ETag. */
export function writeRecord(
  { control, base }: ControlPrefix,
  write: { readonly record: MigrationRecord; readonly replaces: string | undefined },
  signal: AbortSignal,
): Promise<ControlWrite> {
  const { record, replaces } = write;
  const key = controlKeys.migration(base, record.round);
  const condition = replaces === undefined ? 'absent' : { etag: replaces };
  return writeObject(control, { key, bytes: recordJson.bytes(record), condition }, signal);
}

const count = z.int().min(0);
const section = z.looseObject({});

/** The form in which `migration.json` is stored. */
export const recordJson = versionedJson<MigrationRecord>(
  'the record of a migration',
  z.looseObject({
    format: formatSchema,
    name: z.string().min(1),
    id: z.string().optional(),
    round: count,
    definition: z.looseObject({
      name: z.string(),
      units: section,
      accounts: section,
      find: z.array(section),
      expect: section,
      transform: section,
      target: z.looseObject({
        bucket: z.string(),
        key: z.string(),
        control: z.looseObject({ bucket: z.string(), prefix: z.string() }),
      }),
      limits: section,
      speed: section,
    }),
    definitionDigest: z.string(),
    unitsDigest: z.string(),
    verify: z
      .looseObject({
        ...{ closedRounds: count, sample: z.string().optional(), seed: count, since: z.iso.datetime().optional() },
        readBack: z.looseObject({ objects: count, bytes: z.number().min(0) }),
        settings: z.array(z.looseObject({ round: count, tags: section, metadata: section })).min(1),
      })
      .optional(),
    plan: z.looseObject({ of: count.min(1), seed: count, unclaimed: z.literal(true).optional() }).optional(),
    layout: z.looseObject({
      units: count.min(1),
      unitsPerSlice: count.min(1),
      slicesPerPartition: count.min(1),
      slices: count.min(1),
      partitions: count.min(1),
    }),
  }),
  2,
);
