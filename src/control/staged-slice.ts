import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import { sliceLabel } from '../domain/ids.js';
import type { Slice } from '../domain/layout.js';
import type { StagedUnit } from '../domain/unit.js';
import { controlKeys } from './control-keys.js';
import type { ControlRound, StagedPrefix } from './control-prefix.js';
import { damaged } from './damage.js';
import { gzipText, inflateLines, parseLines } from './gzip-lines.js';
import { sizeLimits } from './size-limits.js';
import { overwriteObject, readObject } from './stored-object.js';

/** The staged units of a slice, and the digest by which its ledger names them. */
export interface StagedSlice {
  readonly units: readonly StagedUnit[];
  /** SHA-256, hex, of the staged lines. */
  readonly digest: string;
}

/**
 * Writes the staged units of a slice: a line of JSON for each, with its end. May be repeated. Fails with `ConfigError`
 * if they are larger than what a worker reads.
 */
export async function writeStagedSlice(
  { control, base, round, unitsDigest }: Pick<ControlRound, 'base' | 'round'> & StagingPlace,
  { slice, lines }: { readonly slice: Slice; readonly lines: Uint8Array },
  signal: AbortSignal,
): Promise<void> {
  if (lines.length > sizeLimits.stagedSlice) throw tooLarge(slice);
  const key = controlKeys.stagedSlice(base, round, unitsDigest, slice);
  await overwriteObject(control, { key, bytes: await gzipText(lines, { fast: true }) }, signal);
}

/** Where the units of a round are staged. */
export interface StagingPlace {
  readonly control: Pick<ControlRound['control'], 'overwrite'>;
  readonly unitsDigest: string;
}

/**
 * Reads what {@link writeStagedSlice} wrote. Fails with `LedgerMismatch` where it is missing, damaged or not the range
 * of the layout.
 */
export async function readStagedSlice(
  { control, base, record }: StagedPrefix,
  slice: Slice,
  signal: AbortSignal,
): Promise<StagedSlice> {
  const key = controlKeys.stagedSlice(base, record.round, record.unitsDigest, slice);
  const object = await readObject(control, { key, maxBytes: sizeLimits.stagedSlice }, signal);
  if (object === undefined) throw new Failure('LedgerMismatch', `${key} in the control bucket is missing`);
  if (object.bytes.length === 0) throw damaged(key, 'it is empty');
  const inflated = inflateLines(object.bytes, key, sizeLimits.stagedSlice);
  const units: StagedUnit[] = [];
  for (const line of parseLines(inflated, key)) {
    const { success, error } = unitSchema.safeParse(line);
    if (!success) throw damaged(key, 'it does not hold staged units', error);
    const unit = line as unknown as StagedUnit;
    // Units of later rounds keep their index; those that older versions staged do not say their position in the round.
    const position = unit.position ?? (record.round === 0 ? unit.index : undefined);
    if (units.length === slice.units || (position ?? slice.firstUnit + units.length) !== slice.firstUnit + units.length)
      throw damaged(key, 'it does not hold the units of this slice');
    units.push(unit);
  }
  if (units.length !== slice.units) throw damaged(key, 'it does not hold all units of this slice');
  return { units, digest: createHash('sha256').update(inflated).digest('hex') };
}

const unitSchema = z.looseObject({
  index: z.int().min(0),
  position: z.int().min(0).optional(),
  id: z.string(),
  key: z.string(),
  fields: z.record(z.string(), z.string()),
  previous: z
    .looseObject({
      etag: z.string(),
      manifest: z.string(),
      rawBytes: z.number(),
      sha256: z.string(),
      crc32: z.string(),
    })
    .optional(),
  earlier: z.enum(['done', 'found', 'empty', 'failed']).optional(),
  expected: z.looseObject({ round: z.int().min(0), bytes: z.number(), checksum: z.string().nullable() }).optional(),
  repair: z.literal(true).optional(),
});

function tooLarge(slice: Slice): Failure {
  const [first, last] = [slice.firstUnit, slice.firstUnit + slice.units - 1];
  return new Failure(
    'ConfigError',
    `the lines of units ${String(first)} to ${String(last)} (${sliceLabel(slice)}) have more than ` +
      `${String(sizeLimits.stagedSlice)} bytes together; leave out columns that the migration file does not use`,
  );
}
