import type { Slice } from '../../domain/layout.js';
import { controlKeys } from '../control-keys.js';
import type { StagedPrefix } from '../control-prefix.js';
import { damaged } from '../damage.js';
import { sizeLimits } from '../size-limits.js';
import { readObject } from '../stored-object.js';
import { readAttemptLedgers } from './attempt-ledger.js';
import { parseLedger, type LedgerContent } from './ledger-format.js';

/**
 * Returns a slice's ledger, for reading only, in whichever form its round keeps it; undefined if there is none yet.
 * Fails with `LedgerMismatch` where it is that of another slice or definition, or has more than `maxBytes`.
 */
export async function readLedger(
  { control, base, record }: StagedPrefix,
  slice: Slice,
  signal: AbortSignal,
  maxBytes: number = sizeLimits.ledger,
): Promise<LedgerContent | undefined> {
  const key = controlKeys.ledger(base, record.round, slice);
  const content =
    record.definition.target.conditionalWrites === 'degraded'
      ? await readAttemptLedgers(control, key, signal)
      : await readReplaced(control, { key, maxBytes }, signal);
  if (content === undefined) return undefined;
  const { definition, firstUnit, units } = content.header;
  if (definition !== record.definitionDigest) throw damaged(key, 'it is the ledger of another definition');
  if (firstUnit !== slice.firstUnit || units !== slice.units) throw damaged(key, 'it is the ledger of another slice');
  return content;
}

async function readReplaced(
  control: StagedPrefix['control'],
  ledger: { readonly key: string; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<LedgerContent | undefined> {
  const object = await readObject(control, ledger, signal);
  return object && parseLedger(object.bytes, ledger.key, ledger.maxBytes);
}
