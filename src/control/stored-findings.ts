import { controlKeys } from './control-keys.js';
import type { TransformDefinition } from '../domain/definition.js';
import { findingNotes, type Findings } from '../domain/findings.js';
import { controlFormat } from '../domain/migration-record.js';
import type { Receipt } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import type { MigrationResources } from '../pipeline/migration-resources.js';
import { tryAgain } from '../flow/try-again.js';

/** Findings as a receipt holds them. */
export type ReceiptFindings = Pick<Receipt, 'skipped' | 'notes'>;

type Place = Pick<MigrationResources, 'base' | 'control'>;

/**
 * Stores what was noticed on the way to an object, before that is published: an attempt that finds the object in place, in this round or
 * a later one, would otherwise not know what is missing in it. Nothing is stored where nothing was noticed. `sha256` is of the raw bytes, so that
 * what another attempt noticed on its way to other bytes is never taken for this.
 */
export async function storeFindings(
  findings: Findings,
  object: { readonly unit: StagedUnit; readonly sha256: string },
  { base, control }: Place,
  signal: AbortSignal,
): Promise<void> {
  const { skipped, notes } = toReceipt(findings);
  if (skipped.length === 0 && notes.length === 0) return;
  const key = controlKeys.findings(base, object.unit.index, object.sha256);
  const bytes = Buffer.from(JSON.stringify({ format: controlFormat, skipped, notes }));
  await tryAgain(() => control.overwrite(key, bytes, signal), signal);
}

/** Reads what was noticed on the way to an object that was found in place; asks only where the transform can have given cause. */
export async function readFindings(
  object: { readonly unit: StagedUnit; readonly sha256: string },
  transform: TransformDefinition,
  { base, control }: Place,
  signal: AbortSignal,
): Promise<ReceiptFindings> {
  const possible =
    transform.onCorrupt === 'skip-blob' || transform.trailingGarbage === 'ignore' || transform.decompress === 'auto';
  const key = controlKeys.findings(base, object.unit.index, object.sha256);
  const stored = possible ? await tryAgain(() => control.read(key, signal), signal) : undefined;
  if (stored === undefined) return { skipped: [], notes: [] };
  const { skipped, notes } = JSON.parse(Buffer.from(stored.bytes).toString('utf8')) as ReceiptFindings;
  return { skipped, notes };
}

/** Gives findings as a receipt holds them. */
export function toReceipt(findings: Findings): ReceiptFindings {
  return { skipped: findings.skipped, notes: findingNotes(findings) };
}
