import type { MigrationRecord } from '../../domain/migration-record.js';
import type { ControlStore } from '../control-store.js';
import { readAttemptLedgers } from './attempt-ledger.js';
import { parseLedger, type LedgerContent } from './ledger-format.js';

/** Reads a slice's ledger, to know and not to write, in whichever way its round keeps it; undefined where there is none yet. */
export async function readLedger(
  store: ControlStore,
  key: string,
  { definition }: Pick<MigrationRecord, 'definition'>,
  signal: AbortSignal,
): Promise<LedgerContent | undefined> {
  if (definition.target.conditionalWrites === 'degraded') return await readAttemptLedgers(store, key, signal);
  const object = await store.read(key, signal);
  return object && parseLedger(object.bytes, key);
}
