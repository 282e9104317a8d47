import type { RoundReader } from '../../../control/ledger/all-receipts.js';
import { unitHistories } from '../../../control/ledger/unit-histories.js';
import type { StagedRound } from '../../../control/newest-round.js';
import { readStagedRecord } from '../../../control/stored-record.js';
import { verificationName } from '../../../domain/ids.js';
import type { MigrationRecord } from '../../../domain/stored/migration-record.js';
import {
  stageVerification,
  type StagedVerification,
  type VerificationOrder,
} from '../../../staging/stage-verification.js';
import type { FoundRound } from '../../migration/find-round.js';
import type { CommandContext } from '../../ports/context.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import { findSideRun, readSideRun, type FoundSideRun } from '../../start/find-side-run.js';
import { startRoot } from '../../start/start-root.js';
import { withStagingView } from '../../start/with-staging-view.js';

/** A verification that is about to run, or runs. */
export interface StartedVerification extends Pick<FoundRound, 'control' | 'base'> {
  /** `staged`: a new one. `continued`: one that had not ended. */
  readonly outcome: 'staged' | 'continued';
  /** Its name, `verify/orders`. */
  readonly name: string;
  readonly staged: StagedRound;
  /** Starts its root, unless that is running. */
  start(): Promise<void>;
}

/**
 * Stages a verification of a migration, or finds one with the same options that has not ended; undefined if there is no
 * object to verify. Rejects with status 2 while one with other options runs.
 */
export async function prepareVerification(
  context: CommandContext,
  { found, order }: { readonly found: FoundRound; readonly order: VerificationOrder },
  temporal: TemporalPort,
): Promise<StartedVerification | undefined> {
  const { control } = found;
  const { definition } = found.staged.record;
  const name = verificationName(found.name);
  const run = {
    ...({ what: 'verification', name, definition, control } as const),
    bucket: definition.target.bucket,
    differsIn: '--sample, --seed or --since',
  };
  const before = await findSideRun(context, run, temporal);
  const { state } = await stage(context, { found, order, ...before });
  if (state === 'empty') return undefined;
  const { base, isRunning } = before;
  const staged = await readSideRun(context, run, { base, state });
  return {
    ...{ outcome: state === 'staged' ? 'staged' : 'continued', name, control, base, staged },
    start: async () => {
      if (!isRunning || state === 'staged') await startRoot(context, { staged, temporal });
    },
  };
}

async function stage(
  context: CommandContext,
  ordered: FoundSideRun & { readonly found: FoundRound; readonly order: VerificationOrder },
): Promise<StagedVerification> {
  const { found, ...rest } = ordered;
  const { record, summary } = found.staged;
  const rounds = await recordsOf(context, found);
  const readRound: RoundReader = (round, signal) => context.stores.readReceipts(round.record, round.control, signal);
  return withStagingView(context, (progress) =>
    stageVerification({
      ...{ store: found.control, ...rest, rounds, progress, version: context.version, signal: context.signal },
      closedRounds: summary === undefined ? rounds.length - 1 : rounds.length,
      histories: () => unitHistories({ ...found, record }, readRound, context.signal),
      now: () => new Date(context.now()),
    }),
  );
}

async function recordsOf({ signal }: CommandContext, found: FoundRound): Promise<readonly MigrationRecord[]> {
  const newest = found.staged.record;
  const earlier: MigrationRecord[] = [];
  for (let round = 0; round < newest.round; round += 1)
    earlier.push(await readStagedRecord({ ...found, round }, signal));
  return [...earlier, newest];
}
