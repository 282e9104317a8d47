import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { controlKeys } from './control-keys.js';
import { Failure } from '../domain/failure.js';
import type { SliceTask } from '../domain/slice-report.js';
import type { StagedUnit } from '../domain/unit.js';
import type { MigrationResources } from '../pipeline/migration-resources.js';

/** The staged units of a slice and the digest that its ledger names them by. */
export interface StagedSlice {
  readonly units: readonly StagedUnit[];
  /** SHA-256, hex, of the staged lines. */
  readonly digest: string;
}

/** Reads what `start` staged for a slice. Fails with `LedgerMismatch` where it is missing or not the range of the layout. */
export async function readStagedSlice(
  resources: Pick<MigrationResources, 'base' | 'control' | 'record'>,
  task: SliceTask,
  signal: AbortSignal,
): Promise<StagedSlice> {
  const key = controlKeys.stagedSlice(resources.base, task.round, resources.record.unitsDigest, task);
  const object = await resources.control.read(key, signal);
  if (object === undefined) throw new Failure('LedgerMismatch', `${key}: the staged units are missing`);
  const lines = gunzipSync(object.bytes);
  const units = lines
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StagedUnit);
  // In a later round units keep the index that they had, so only their number tells.
  const inPlace = (unit: StagedUnit, position: number): boolean => unit.index === task.firstUnit + position;
  const asPlanned = units.length === task.units && (task.round > 0 || units.every(inPlace));
  if (!asPlanned) throw new Failure('LedgerMismatch', `${key}: the staged units are not those of the layout`);
  return { units, digest: createHash('sha256').update(lines).digest('hex') };
}
