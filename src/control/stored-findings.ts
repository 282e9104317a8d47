import { z } from 'zod';
import type { TransformDefinition } from '../domain/definition.js';
import { findingNotes, type Findings } from '../domain/findings/findings.js';
import { controlFormat } from '../domain/stored/migration-record.js';
import type { Receipt } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import { controlKeys } from './control-keys.js';
import type { ControlPrefix } from './control-prefix.js';
import { sizeLimits } from './size-limits.js';
import { overwriteObject, readObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/** Findings as a receipt holds them. */
export type ReceiptFindings = Pick<Receipt, 'skipped' | 'notes'>;

/** An object that is being made or in place: its unit and the SHA-256 of its raw bytes. */
export interface FoundBytes {
  readonly unit: Pick<StagedUnit, 'index'>;
  readonly sha256: string;
}

/**
 * Stores what was noticed while making an object, before the object is published: an attempt that finds the object in
 * place, in this round or a later one, would otherwise not know what is missing in it. Stores nothing if nothing was
 * noticed. The key contains the digest of the raw bytes, so that what another attempt noticed about other bytes is
 * never mistaken for this.
 */
export async function storeFindings(
  findings: Findings,
  object: FoundBytes,
  { base, control }: ControlPrefix,
  signal: AbortSignal,
): Promise<void> {
  const { skipped, notes } = receiptFindings(findings);
  if (skipped.length === 0 && notes.length === 0) return;
  const key = controlKeys.findings(base, object.unit.index, object.sha256);
  const bytes = findingsJson.bytes({ format: controlFormat, skipped, notes });
  await overwriteObject(control, { key, bytes }, signal);
}

/**
 * Returns what was noticed while making an object that was found in place; reads the store only if the transform allows
 * for findings.
 */
export async function readFindings(
  object: FoundBytes,
  transform: Pick<TransformDefinition, 'onCorrupt' | 'trailingGarbage' | 'decompress'>,
  { base, control }: ControlPrefix,
  signal: AbortSignal,
): Promise<ReceiptFindings> {
  const possible =
    transform.onCorrupt === 'skip-blob' || transform.trailingGarbage === 'ignore' || transform.decompress === 'auto';
  if (!possible) return { skipped: [], notes: [] };
  const key = controlKeys.findings(base, object.unit.index, object.sha256);
  const stored = await readObject(control, { key, maxBytes: sizeLimits.findings }, signal);
  if (stored === undefined) return { skipped: [], notes: [] };
  const { skipped, notes } = findingsJson.parse(stored.bytes, key);
  return { skipped, notes };
}

/** Returns findings as a receipt holds them. */
export function receiptFindings(findings: Findings): ReceiptFindings {
  return { skipped: findings.skipped, notes: findingNotes(findings) };
}

/** The form in which findings are stored. */
export const findingsJson = versionedJson<ReceiptFindings & { readonly format: number }>(
  'the findings of a unit',
  z.looseObject({
    format: formatSchema,
    skipped: z.array(z.looseObject({ blob: z.string(), class: z.string(), message: z.string() })),
    notes: z.array(z.string()),
  }),
);
