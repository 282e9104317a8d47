import { readNewestRound } from '../../../control/newest-round.js';
import { verificationName } from '../../../domain/ids.js';
import { previousObject } from '../../../domain/target/proven-object.js';
import type { Receipt } from '../../../domain/receipt.js';
import { controlBase } from '../../../domain/stored/migration-record.js';
import { formatCount } from '../../../domain/text/format.js';
import type { PreviousObject } from '../../../domain/unit.js';
import { failedUnits, type FailedUnit } from '../../migration/failed-units.js';
import type { FoundRound } from '../../migration/find-round.js';
import type { CommandContext } from '../../ports/context.js';
import type { Printer } from '../../screen/printer.js';

/** A unit to move again: its newest receipt, and the round of that receipt. */
export interface RetriedUnit extends FailedUnit {
  /** The receipt of the last verification, if it found the object different. */
  readonly difference?: Receipt;
  /** The newest proof of an object that differs. */
  readonly previous?: PreviousObject | undefined;
}

/**
 * Returns the units that have failed, over all rounds, and those whose objects the last verification found different
 * and that no later round has moved again; lowest index first.
 */
export async function retriedUnits(
  context: CommandContext,
  found: FoundRound,
  printer: Pick<Printer, 'warn'>,
): Promise<readonly RetriedUnit[]> {
  const differences = await readDifferences(context, found, printer);
  const different = new Map<number, RetriedUnit>();
  const seen = ({ record, receipt }: FailedUnit): void => {
    const difference = differences.get(receipt.index);
    if (difference === undefined) return;
    const { index } = receipt;
    // A round that only found the object in place has not repaired it.
    if (receipt.state === 'done' && record.round > (difference.verified?.round ?? 0)) {
      differences.delete(index);
      different.delete(index);
      return;
    }
    const previous = previousObject(receipt) ?? different.get(index)?.previous;
    different.set(index, { record, receipt, difference, previous });
  };
  const failed = await failedUnits(context, found, { printer, seen });
  const retried = new Map<number, RetriedUnit>(failed.map((unit) => [unit.receipt.index, unit]));
  for (const [index, unit] of different) retried.set(index, unit);
  return [...retried.values()].sort((a, b) => a.receipt.index - b.receipt.index);
}

// This many take about 500 MB of memory.
const differencesMax = 1_000_000;

/** Returns what the newest verification found different, by unit; nothing while it has not ended. */
async function readDifferences(
  { stores, signal }: CommandContext,
  { name, control, staged }: FoundRound,
  printer: Pick<Printer, 'warn'>,
): Promise<Map<number, Receipt>> {
  const { prefix } = staged.record.definition.target.control;
  const base = controlBase({ prefix, name: verificationName(name) });
  const newest = await readNewestRound({ control, base }, signal);
  const differences = new Map<number, Receipt>();
  if (newest === undefined) return differences;
  if (newest.summary === undefined) {
    printer.warn(`The verification of ${name} has not ended: what it finds is not part of this round.`);
    return differences;
  }
  for await (const receipts of stores.readReceipts(newest.record, control, signal)) {
    for (const receipt of receipts) {
      if (receipt.class?.startsWith('VerifyMismatch/') !== true) continue;
      if (differences.size < differencesMax) differences.set(receipt.index, receipt);
      else {
        printer.warn(`More than ${formatCount(differencesMax)} objects differ; only that many are moved again.`);
        return differences;
      }
    }
  }
  return differences;
}
