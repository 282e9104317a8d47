import { createHash } from 'node:crypto';
import type { StagedUnit } from '../../domain/unit.js';
import type { TargetHead } from './object-target.js';
import type { RawProof } from '../pack/raw-digest.js';

/** What a target object's metadata says of its origin. */
export interface ObjectIdentity {
  readonly migration: string;
  /** SHA-256, hex, of the unit's id. */
  readonly unit: string;
  /** Digest of the manifest. */
  readonly manifest: string;
}

/** Whose an object under a unit's key is: this very one, the unit's with another manifest, or somebody else's. */
export type Ownership = 'same' | 'other-manifest' | 'foreign';

/** Gives the identity of a unit's object. */
export function objectIdentity(
  migration: string,
  unit: Pick<StagedUnit, 'id'>,
  manifestDigest: string,
): ObjectIdentity {
  return { migration, unit: createHash('sha256').update(unit.id).digest('hex'), manifest: manifestDigest };
}

/** Gives the metadata that a HEAD tells the identity by; `raw` is known before the object is created only where one put makes it. */
export function identityMetadata(identity: ObjectIdentity, raw?: RawProof): Readonly<Record<string, string>> {
  const names = {
    'longhaul-migration': identity.migration,
    'longhaul-unit': identity.unit,
    'longhaul-manifest': identity.manifest,
  };
  if (raw === undefined) return names;
  return { ...names, 'longhaul-sha256': raw.sha256, 'longhaul-crc32': raw.crc32, 'longhaul-bytes': String(raw.bytes) };
}

/** Compares a HEAD with the identity wanted. */
export function ownership(head: Pick<TargetHead, 'metadata'>, identity: ObjectIdentity): Ownership {
  const { metadata } = head;
  if (metadata['longhaul-migration'] !== identity.migration || metadata['longhaul-unit'] !== identity.unit)
    return 'foreign';
  return metadata['longhaul-manifest'] === identity.manifest ? 'same' : 'other-manifest';
}

/** Gives the raw digests that an object's metadata holds, or undefined where it was made by a multipart upload. */
export function rawProofOf(head: Pick<TargetHead, 'metadata'>): RawProof | undefined {
  const { 'longhaul-sha256': sha256, 'longhaul-crc32': crc32, 'longhaul-bytes': bytes } = head.metadata;
  if (sha256 === undefined || crc32 === undefined || bytes === undefined || !/^\d+$/.test(bytes)) return undefined;
  return { sha256, crc32, bytes: Number(bytes) };
}
