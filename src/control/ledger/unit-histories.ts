import { Failure } from '../../domain/failure.js';
import { IndexSet } from '../../domain/index-set.js';
import type { Receipt } from '../../domain/receipt.js';
import type { StagedPrefix } from '../control-prefix.js';
import { readStagedRecord } from '../stored-record.js';
import type { RoundReader } from './all-receipts.js';

/** A receipt, and its round. */
export interface RoundReceipt {
  readonly round: number;
  readonly receipt: Receipt;
}

/** Where a unit stands: its newest receipt, and the newest that proves an object, which a failed round leaves alone. */
export interface UnitHistory {
  readonly newest: RoundReceipt;
  readonly proof: RoundReceipt | undefined;
}

/** At about 500 bytes each. This many units that failed after they had been moved have something in common. */
const heldMax = 1_000_000;

/**
 * Yields every unit that has a receipt once, in no particular order. Reads the rounds from the newest to the oldest,
 * and holds one bit for each unit, and the receipts of those that failed after an earlier round had moved them.
 */
export async function* unitHistories(
  newest: StagedPrefix,
  readReceipts: RoundReader,
  signal: AbortSignal,
): AsyncGenerator<UnitHistory> {
  const seen = new IndexSet();
  const unproven = new Map<number, RoundReceipt>();
  for (let round = newest.record.round; round >= 0; round -= 1) {
    const record = round === newest.record.round ? newest.record : await readStagedRecord({ ...newest, round }, signal);
    for await (const receipts of readReceipts({ ...newest, record }, signal)) {
      for (const receipt of receipts) {
        const one = { round, receipt };
        const isProof = receipt.target !== undefined;
        if (seen.add(receipt.index)) {
          if (isProof || round === 0) yield { newest: one, proof: isProof ? one : undefined };
          else hold(unproven, one);
          continue;
        }
        const held = isProof ? unproven.get(receipt.index) : undefined;
        if (held === undefined) continue;
        unproven.delete(receipt.index);
        yield { newest: held, proof: one };
      }
    }
  }
  for (const held of unproven.values()) yield { newest: held, proof: undefined };
}

function hold(unproven: Map<number, RoundReceipt>, one: RoundReceipt): void {
  if (unproven.size >= heldMax) {
    throw new Failure('LedgerMismatch', `more than ${String(heldMax)} units have failed in later rounds`);
  }
  unproven.set(one.receipt.index, one);
}
