import { stageAgain } from '../../staging/stage-again.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import { overallUnits } from '../../domain/figures/unit-figures.js';
import type { ControlStore } from '../../control/control-store.js';
import { allReceipts, type RoundReader } from '../../control/ledger/all-receipts.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import { refuseOpen } from '../migration/find-round.js';
import { readNewestRound, type StagedRound } from '../../control/newest-round.js';
import { shellWord } from '../screen/shell-word.js';
import { withStagingView } from './with-staging-view.js';
import { unitLines } from './unit-lines.js';

/**
 * Stages the next round of a migration with its file as it is now. Rejects with status 5 if there is no earlier round,
 * with status 2 if that one is still open or the file names another bucket.
 */
export async function stageAgainFromFile(
  context: CommandContext,
  { file, control }: { readonly file: MigrationFile; readonly control: ControlStore },
): Promise<StagedRound> {
  const { definition } = file;
  const { name, target } = definition;
  const { signal, version } = context;
  const base = controlBase({ prefix: target.control.prefix, name });
  const staged = await readNewestRound({ control, base }, signal);
  if (staged === undefined) throw noEarlierRound(context, file);
  const summary = refuseOpen(name, staged);
  refuseOtherBucket(staged.record, file);
  const readRound: RoundReader = (round, aborted) => context.stores.readReceipts(round.record, round.control, aborted);
  const record = await withStagingView(context, (progress) =>
    stageAgain({
      ...{ definition, file, store: control, base, version, signal, progress, previous: staged.record },
      units: unitLines(context, file),
      before: overallUnits(staged.record.before, summary),
      receipts: eachReceipt({ control, base, record: staged.record }, readRound, signal),
      now: () => new Date(context.now()),
    }),
  );
  return { ...staged, record, summary: undefined };
}

async function* eachReceipt(...of: Parameters<typeof allReceipts>): AsyncGenerator<Receipt> {
  for await (const { receipts } of allReceipts(...of)) yield* receipts;
}

function noEarlierRound({ invocation }: CommandContext, { definition, path }: MigrationFile): CommandError {
  const { bucket, prefix } = definition.target.control;
  return new CommandError(
    exitStatus.noSuchMigration,
    `The migration ${definition.name} has no earlier round: there is nothing of it in s3://${bucket}/${prefix}`,
    {
      next:
        `start it: \`${invocation} start ${shellWord(path)}\`; ` +
        'or check that `name` and `target.control` are as before',
    },
  );
}

/** Receipts are about objects in the bucket of the rounds before. */
function refuseOtherBucket({ definition: before }: MigrationRecord, { definition }: MigrationFile): void {
  if (before.target.bucket === definition.target.bucket) return;
  const buckets = `${before.target.bucket} → ${definition.target.bucket}`;
  throw new CommandError(
    exitStatus.usage,
    `The next round of ${definition.name} would have another bucket: ${buckets}`,
    { next: 'undo the change, or give the file another `name` to make it another migration' },
  );
}
