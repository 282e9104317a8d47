import { createHash } from 'node:crypto';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { TargetHead } from './object-target.js';
import type { RawProof } from '../pack/raw-digest.js';

/** What a target object's metadata says about its origin. */
export interface ObjectIdentity {
  /** Name of the migration. */
  readonly migration: string;
  /** Random id of the migration, which tells two migrations of one name apart; those of older versions have none. */
  readonly id?: string | undefined;
  /** SHA-256, hex, of the unit's id. */
  readonly unit: string;
  /** Digest of the manifest. */
  readonly manifest: string;
}

/** Length of an object's own bytes and their CRC-32, base64: as it was written, or as it is. */
export interface ObjectSums {
  readonly bytes: number;
  readonly crc32: string;
}

/** What was written: the sums of the object's bytes, and the digests of the raw bytes that they hold. */
export interface WrittenObject {
  readonly object: ObjectSums;
  readonly raw: RawProof;
}

/**
 * Whose object is under a unit's key. `same`: made of the very blobs that are wanted, by this migration or by one of
 * the same name. `other-manifest`: made by this migration of other blobs. `foreign`: anything else.
 */
export type Ownership = 'same' | 'other-manifest' | 'foreign';

/** Returns the identity of a unit's object. */
export function objectIdentity(
  { name, id }: Pick<MigrationRecord, 'name' | 'id'>,
  unit: Pick<StagedUnit, 'id'>,
  manifestDigest: string,
): ObjectIdentity {
  return { migration: name, id, unit: createHash('sha256').update(unit.id).digest('hex'), manifest: manifestDigest };
}

/**
 * Returns the metadata that names the origin of an object; `written` is known beforehand only where a single put makes
 * the object.
 */
export function identityMetadata(
  { migration, id, unit, manifest }: ObjectIdentity,
  written?: WrittenObject,
): Readonly<Record<string, string>> {
  const origin = {
    'longhaul-migration': migration,
    ...(id === undefined ? {} : { 'longhaul-id': id }),
    'longhaul-unit': unit,
    'longhaul-manifest': manifest,
  };
  if (written === undefined) return origin;
  const { object, raw } = written;
  return {
    ...origin,
    'longhaul-sha256': raw.sha256,
    'longhaul-crc32': raw.crc32,
    'longhaul-bytes': String(raw.bytes),
    'longhaul-object-crc32': object.crc32,
    'longhaul-object-bytes': String(object.bytes),
  };
}

/** Compares a HEAD with the identity wanted. */
export function ownership(head: Pick<TargetHead, 'metadata'>, identity: ObjectIdentity): Ownership {
  const { metadata } = head;
  if (metadata['longhaul-migration'] !== identity.migration || metadata['longhaul-unit'] !== identity.unit)
    return 'foreign';
  if (metadata['longhaul-manifest'] === identity.manifest) return 'same';
  return isOfThisMigration(head, identity) ? 'other-manifest' : 'foreign';
}

/** Reports whether this very migration wrote an object, and not another one of its name. */
export function isOfThisMigration(head: Pick<TargetHead, 'metadata'>, { id }: Pick<ObjectIdentity, 'id'>): boolean {
  return head.metadata['longhaul-id'] === id;
}

/** Returns what the metadata says was written, or undefined for the object of a multipart upload. */
export function writtenByMetadata({ metadata }: Pick<TargetHead, 'metadata'>): WrittenObject | undefined {
  const sha256 = metadata['longhaul-sha256'];
  const rawCrc32 = metadata['longhaul-crc32'];
  const rawBytes = toCount(metadata['longhaul-bytes']);
  const crc32 = metadata['longhaul-object-crc32'];
  const bytes = toCount(metadata['longhaul-object-bytes']);
  if (sha256 === undefined || rawCrc32 === undefined || crc32 === undefined) return undefined;
  if (rawBytes === undefined || bytes === undefined) return undefined;
  return { object: { bytes, crc32 }, raw: { sha256, crc32: rawCrc32, bytes: rawBytes } };
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
