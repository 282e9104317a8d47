import type { StagedRound } from '../../../control/newest-round.js';
import type { FailureClass } from '../../../domain/failure-classes.js';
import { failureClassRow } from '../../../domain/failure-classes.js';
import { migrationOf } from '../../../domain/ids.js';
import type { FoundDifference, ObjectAmount, VerificationRecord } from '../../../domain/stored/verification-records.js';
import type { BlobAmount, UnclaimedShape } from '../../../domain/stored/unclaimed-records.js';

/** What `verify --json` prints. */
export interface VerificationDocument {
  /** Name of the migration. */
  readonly name: string;
  /** `verify/orders` */
  readonly workflowId: string;
  /** Number of the verification, from 0. */
  readonly verification: number;
  /** ISO 8601, UTC; null if there was nothing to verify. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Only objects published since; null for all. */
  readonly since: string | null;
  /** Objects that were compared, and how many of them are as they were written. */
  readonly objects: number;
  readonly intact: number;
  /** What was read back and unpacked; `sample` is as it was asked for, null for nothing. */
  readonly readBack: ObjectAmount & {
    readonly sample: string | null;
    readonly seed: number;
    /** Objects that should have been read back and are in an archive. */
    readonly archived: number;
  };
  readonly differences: readonly { readonly class: FailureClass; readonly objects: number; readonly next: string }[];
  /** The first objects that differ, at most 100. */
  readonly first: readonly FoundDifference[];
  /** Objects that no unit names, below the prefixes of the keys. */
  readonly additional: ObjectAmount & {
    readonly prefixes: readonly {
      readonly prefix: string;
      readonly objects: number;
      readonly bytes: number;
      readonly shapes: readonly (Pick<UnclaimedShape, 'shape' | 'first'> & ObjectAmount)[];
      /** Where all of them are listed, gzip NDJSON; null if there is none. */
      readonly list: string | null;
    }[];
  };
}

/** Makes the document of a verification that has ended. */
export function makeVerificationDocument(
  { record, summary }: StagedRound,
  found: VerificationRecord,
): VerificationDocument {
  const { name, round, verify, definition } = record;
  const { objects, intact, readBack, archived, differences, first, additional } = found;
  const { bucket } = definition.target.control;
  return {
    ...{ name: migrationOf(name), workflowId: name, verification: round },
    ...{ startedAt: summary?.startedAt ?? null, endedAt: summary?.endedAt ?? null, since: verify?.since ?? null },
    ...{ objects, intact },
    readBack: { ...readBack, sample: verify?.sample ?? null, seed: verify?.seed ?? 0, archived },
    differences: differences.map((each) => ({ ...each, next: failureClassRow(each.class).hint })),
    first,
    additional: {
      ...{ objects: additional.objects, bytes: additional.bytes },
      prefixes: additional.prefixes.map(({ prefix, shapes, list, ...amount }) => ({
        ...{ prefix, ...objectsOf(amount) },
        shapes: shapes.map((shape) => ({ shape: shape.shape, ...objectsOf(shape), first: shape.first })),
        list: list === undefined ? null : `s3://${bucket}/${list}`,
      })),
    },
  };
}

/** The document of a migration that has no object to verify. */
export function emptyVerification(name: string, since: string | undefined): VerificationDocument {
  return {
    ...{ name, workflowId: `verify/${name}`, verification: 0, startedAt: null, endedAt: null, since: since ?? null },
    ...{ objects: 0, intact: 0, readBack: { objects: 0, bytes: 0, sample: null, seed: 0, archived: 0 } },
    ...{ differences: [], first: [], additional: { objects: 0, bytes: 0, prefixes: [] } },
  };
}

function objectsOf({ blobs, bytes }: BlobAmount): ObjectAmount {
  return { objects: blobs, bytes };
}
