import type { RoundReader } from '../../control/ledger/all-receipts.js';
import { unitHistories } from '../../control/ledger/unit-histories.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { Tally } from '../../domain/figures/tally.js';
import { RoundSums, type Throughput } from '../../reporting/round-sums.js';
import { TopList } from '../../reporting/top-list.js';
import { UnitSums } from '../../reporting/unit-sums.js';
import { WorkSums } from '../../reporting/work-sums.js';
import type { FoundRound } from '../migration/find-round.js';
import type { CommandContext } from '../ports/context.js';

/** What the ledger of one round adds up to. */
export interface SummedRound {
  readonly record: MigrationRecord;
  readonly tally: Tally;
  readonly throughput: Throughput;
  readonly untimed: number;
}

/** What the ledgers of a migration add up to. */
export interface ReportSums {
  readonly units: UnitSums;
  readonly work: WorkSums;
  /** The newest rounds, newest first, and how many there are before them. */
  readonly rounds: readonly SummedRound[];
  readonly earlierRounds: number;
  /** The rounds with the most units, largest first. */
  readonly busiest: readonly SummedRound[];
}

/** Enough for the last weeks of a migration that starts a round every night. */
const roundsMax = 50;
// The first round, and perhaps two others that moved much: more charts would say less.
const busiestMax = 3;
// Clocks of workers and of this machine differ a little.
const clockSkewMs = 60 * 60_000;

/**
 * Reads each ledger of each round once, and adds them up. Holds what `unitHistories` holds, and figures whose number
 * does not grow with the units. `progress` is called with the number of receipts read so far.
 */
export async function sumReport(
  { stores, signal, now }: Pick<CommandContext, 'stores' | 'signal' | 'now'>,
  found: FoundRound,
  progress: (receipts: number) => void,
): Promise<ReportSums> {
  const units = new UnitSums();
  const work = new WorkSums();
  const rounds: SummedRound[] = [];
  const busiest = new TopList<SummedRound>(busiestMax);
  let read = 0;
  const readRound: RoundReader = async function* ({ record, control }, until) {
    const sums = new RoundSums({ fromMs: Date.parse(record.stagedAt) - clockSkewMs, toMs: now() + clockSkewMs });
    for await (const receipts of stores.readReceipts(record, control, until)) {
      for (const receipt of receipts) {
        sums.add(receipt);
        work.add(record.round, receipt);
      }
      yield receipts;
      read += receipts.length;
      progress(read);
    }
    const { tally, throughput, untimed } = sums;
    const round = { record, tally, throughput, untimed };
    if (rounds.length < roundsMax) rounds.push(round);
    busiest.add(round, tally.units.done + tally.units.empty + tally.units.failed);
  };
  const { record } = found.staged;
  for await (const history of unitHistories({ ...found, record }, readRound, signal)) units.add(history);
  return { units, work, rounds, earlierRounds: record.round + 1 - rounds.length, busiest: busiest.items };
}
