import { partitionSlices } from '../../../domain/layout.js';
import type { StagedUnit } from '../../../domain/unit.js';
import type { FoundRound } from '../../migration/find-round.js';
import type { CommandContext } from '../../ports/context.js';
import type { RetriedUnit } from './retried-units.js';

/** Reads units as their rounds staged them: each staged slice once, in the order of rounds and slices. */
export async function* stagedUnits(
  { signal, stores }: CommandContext,
  { control, base }: FoundRound,
  retried: readonly RetriedUnit[],
): AsyncGenerator<StagedUnit> {
  const rounds = new Map(retried.map(({ record }) => [record.round, record]));
  for (const [round, record] of rounds) {
    const ofRound = retried.filter((unit) => unit.record === record);
    const wanted = new Map(ofRound.map((unit) => [unit.receipt.index, unit]));
    for (let partition = 0; partition < record.layout.partitions && wanted.size > 0; partition += 1) {
      for (const slice of partitionSlices(record.layout, partition)) {
        const units = await stores.readStagedUnits({ base, control, record }, { ...slice, round, epoch: 0 }, signal);
        for (const unit of units) {
          const retriedUnit = wanted.get(unit.index);
          if (retriedUnit === undefined) continue;
          wanted.delete(unit.index);
          yield stagedAgain(unit, retriedUnit);
        }
      }
    }
  }
}

function stagedAgain(unit: StagedUnit, { receipt, difference, previous }: RetriedUnit): StagedUnit {
  const earlier = receipt.state;
  if (difference === undefined) return { ...unit, earlier };
  return { ...unit, earlier, ...(previous !== undefined && { previous }), repair: true };
}
