import type { Receipt } from '../receipt.js';
import type { ExpectedObject, PreviousObject, StagedUnit } from '../unit.js';

/** Returns what a receipt proves about the object of its unit; undefined if it proves none. */
export function previousObject({ target, raw, manifest, bytes }: Receipt): PreviousObject | undefined {
  if (target === undefined || raw === undefined || manifest === undefined) return undefined;
  return {
    etag: target.etag,
    manifest: manifest.digest,
    rawBytes: bytes.raw,
    sha256: raw.sha256,
    crc32: raw.crc32,
  };
}

/** What a verification compares an object with. */
export interface ObjectProofOfRound extends Pick<StagedUnit, 'key'> {
  readonly previous: PreviousObject;
  readonly expected: ExpectedObject;
}

/** Returns what a verification compares with, from the receipt of a round; undefined if it proves no object. */
export function objectProof(receipt: Receipt, round: number): ObjectProofOfRound | undefined {
  const previous = previousObject(receipt);
  if (previous === undefined) return undefined;
  const { key, state, bytes, target } = receipt;
  return {
    key,
    previous,
    expected: {
      round,
      ...(state === 'found' && { wasFound: true }),
      bytes: bytes.target,
      checksum: target?.checksum ?? null,
    },
  };
}
