import { Failure } from '../../domain/failure.js';
import type { Slice } from '../../domain/layout.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { StagedPrefix } from '../control-prefix.js';
import { readLedger } from '../ledger/read-ledger.js';
import { readNewestRound } from '../newest-round.js';

/** What a plan found for a unit. */
export interface PlannedManifest {
  readonly digest: string;
  /** Whether the unit would have been moved, or skipped for being empty. */
  readonly isReady: boolean;
  readonly blobs: number;
  readonly bytes: number;
}

const nothing: ReadonlyMap<number, PlannedManifest> = new Map();

/**
 * Returns what the newest plan of a migration found for the units of a slice, by their indexes; nothing if the plan has
 * not ended, has looked at other units than the migration's first round moves, or cannot be read. A plan only serves
 * for comparison, so damage to it is no reason to stop.
 */
export async function plannedManifests(
  { control, base, record }: StagedPrefix,
  slice: Slice,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, PlannedManifest>> {
  if (record.round > 0 || record.plan !== undefined || record.verify !== undefined) return nothing;
  // As `controlBase` says.
  const place = { control, base: `${base}/plan` };
  try {
    const plan = await readNewestRound(place, signal);
    if (plan?.summary === undefined || !isOfAllUnits(plan.record, record)) return nothing;
    const ledger = await readLedger({ ...place, record: plan.record }, slice, signal);
    const planned = new Map<number, PlannedManifest>();
    for (const { index, state, manifest, blobs, bytes } of ledger?.receipts.values() ?? []) {
      if (manifest === undefined) continue;
      planned.set(index, { digest: manifest.digest, isReady: state !== 'failed', blobs, bytes: bytes.source });
    }
    return planned;
  } catch (error) {
    if (error instanceof Failure && ['LedgerMismatch', 'FormatTooNew'].includes(error.failureClass)) return nothing;
    throw error;
  }
}

/** Reports whether a plan has looked at the units of a migration, with the same slices. */
function isOfAllUnits(plan: MigrationRecord, { definitionDigest, unitsDigest, layout }: MigrationRecord): boolean {
  return (
    plan.definitionDigest === definitionDigest && plan.fileDigest === unitsDigest && plan.layout.units === layout.units
  );
}
