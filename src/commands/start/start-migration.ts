import { controlBase } from '../../domain/stored/migration-record.js';
import { toFailure } from '../../domain/failure.js';
import { isFinalPhase } from '../../domain/figures/progress.js';
import type { ControlStore } from '../../control/control-store.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { refusalStatus } from '../ending/describe-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { formatCount } from '../../domain/text/format.js';
import { ownRoot } from '../migration/own-root.js';
import { shellWord } from '../screen/shell-word.js';
import type { Printer } from '../screen/printer.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import { stageFile } from './stage-file.js';
import { stageAgainFromFile } from './stage-again-from-file.js';
import { readNewestRound, type StagedRound } from '../../control/newest-round.js';
import { startRoot } from './start-root.js';
import type { LedgerSums } from '../../control/ledger/sum-ledgers.js';
import { documentOfRoot, type StatusDocument } from '../status/status-document.js';
import { statusOfStaged } from '../status/find-status.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';

/** What `start` did or found: `started` a root, found one `running`, or found that it has `ended` and nothing moves. */
export interface StartedMigration {
  readonly outcome: 'started' | 'running' | 'ended';
  readonly document: StatusDocument;
  /** The root that runs; undefined if nothing does. */
  readonly root?: RootDescription;
  readonly total: number;
  /** Reads the receipts of failed units from the ledgers. */
  readonly firstFailed: () => Promise<LedgerSums['firstFailed']>;
}

/** Which migration to start, and where. */
export interface StartRequest {
  readonly file: MigrationFile;
  readonly temporal: TemporalPort;
  readonly printer: Printer;
  /** Whether to begin the next round of a migration whose rounds are all closed. */
  readonly again?: boolean;
}

/**
 * Starts the migration of a file, or finds it running or ended. Units that are not staged yet are staged first; a
 * staged migration that no root has ever owned is started. Rejects before anything moves if something is wrong with the
 * file, the target or Temporal.
 */
export async function startMigration(context: CommandContext, request: StartRequest): Promise<StartedMigration> {
  const { file, temporal, printer, again = false } = request;
  const { definition } = file;
  await ownRoot(context, file, temporal);
  const control = await openTarget(context, file);
  const staged = again
    ? await stageAgainFromFile(context, { file, control })
    : await stagedRound(context, { file, control, printer });
  const { record } = staged;
  const total = record.layout.units;
  const firstFailed = async (): Promise<LedgerSums['firstFailed']> =>
    (await context.stores.sumLedgers(record, control, context.signal)).firstFailed;

  if (staged.summary !== undefined) {
    return { outcome: 'ended', document: await statusOfStaged(context, staged, control), total, firstFailed };
  }
  const root = await ownRoot(context, file, temporal);
  const subject = { name: definition.name, namespace: temporal.namespace, webUi: context.environment.webUi };
  if (root?.state === 'running' && !again) {
    return { outcome: 'running', document: documentOfRoot(subject, root, total), root, total, firstFailed };
  }
  // A root that ended before it owned the migration was refused by `prepare`: nothing has moved, and another may try.
  // The owner may also be that of an earlier round, if this one was staged by a command that ended before it had
  // started the root.
  const isOwned = staged.owner !== undefined && (root?.memo?.round ?? record.round) >= record.round;
  if (isOwned && !again) {
    return { outcome: 'ended', document: await statusOfStaged(context, staged, control), total, firstFailed };
  }
  await startRoot(context, { staged, temporal });
  // Another `start` of the same name may have been a moment earlier.
  const started = await ownRoot(context, file, temporal);
  if (started === undefined) {
    throw new CommandError(
      exitStatus.unexpected,
      `Temporal does not know ${definition.name}, although it has just started it`,
    );
  }
  return { outcome: 'started', document: documentOfRoot(subject, started, total), root: started, total, firstFailed };
}

/**
 * Opens the control prefix and looks for the target bucket. A store that refuses this may refuse more, which `check`
 * finds out.
 */
async function openTarget(
  { stores, environment, signal, invocation }: CommandContext,
  { definition, path }: MigrationFile,
): Promise<ControlStore> {
  try {
    const control = await stores.openControl(definition, environment);
    await stores.checkTargetBucket(definition, environment, signal);
    return control;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.failureClass === 'Unexpected') throw error;
    const next = `${failure.row.hint}; \`${invocation} check ${shellWord(path)}\` finds out whether that is all`;
    throw new CommandError(refusalStatus(failure.row.exit), failure.message, { next, cause: failure });
  }
}

/** Says in one line what `start` did or found. */
export function outcomeText({ outcome, document, total }: StartedMigration): string {
  const { name, phase } = document;
  switch (outcome) {
    case 'started':
      return document.round === 0
        ? `Started the migration ${name}: ${formatCount(total)} units.`
        : `Started round ${String(document.round)} of the migration ${name}: ${formatCount(total)} units.`;
    case 'running':
      return `The migration ${name} is already running; nothing was started.`;
    case 'ended':
      return isFinalPhase(phase)
        ? `The migration ${name} has ended; nothing was started.`
        : `The migration ${name} is not running; nothing was started.`;
  }
}

async function stagedRound(
  context: CommandContext,
  { file, control, printer }: { file: MigrationFile; control: ControlStore; printer: Printer },
): Promise<StagedRound> {
  const { definition } = file;
  const { signal } = context;
  const base = controlBase({ prefix: definition.target.control.prefix, name: definition.name });
  const newestRound = (await readNewestRound({ control, base }, signal))?.record.round ?? 0;
  for (const line of await stageFile(context, { file, control, base, newestRound })) printer.note(line);
  const staged = await readNewestRound({ control, base }, signal);
  if (staged !== undefined) return staged;
  throw new CommandError(
    exitStatus.unexpected,
    `The units staged for ${definition.name} cannot be read back from ${base}`,
  );
}
