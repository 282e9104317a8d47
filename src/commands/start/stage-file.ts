import { Failure } from '../../domain/failure.js';
import { type StageOutcome, stageMigration } from '../../staging/stage-migration.js';
import type { ControlStore } from '../../control/control-store.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import { changedStep, changeLines } from './changed-since.js';
import { withStagingView } from './with-staging-view.js';
import { unitLines } from './unit-lines.js';

/** What to stage, and where. */
export interface StageFileRequest {
  readonly file: MigrationFile;
  readonly control: ControlStore;
  /** Prefix of the keys of the migration's control objects. */
  readonly base: string;
  /** The newest round that is staged; 0 if there is none. */
  readonly newestRound: number;
}

/**
 * Stages the units of a migration file, unless they are staged already, and shows progress. Rejects with status 2,
 * naming the changes, if another definition or other units are staged. Returns lines about a change that takes effect
 * now.
 */
export async function stageFile(
  context: Pick<CommandContext, 'err' | 'now' | 'isQuiet' | 'signal' | 'version' | 'invocation' | 'decode'>,
  { file, control, base, newestRound }: StageFileRequest,
): Promise<readonly string[]> {
  const { definition } = file;
  const outcome = await withStagingView(context, (progress) =>
    stageMigration({
      ...{ definition, file, store: control, base, newestRound, version: context.version, signal: context.signal },
      units: unitLines(context, file),
      now: () => new Date(context.now()),
      progress,
    }),
  );
  return linesAbout(outcome, context, file);
}

function linesAbout(
  outcome: StageOutcome,
  context: Pick<CommandContext, 'invocation'>,
  file: MigrationFile,
): readonly string[] {
  if (outcome.state !== 'changed') return [];
  const { name } = file.definition;
  const lines = changeLines(outcome.differences);
  if (outcome.safe) return [`The migration ${name} continues with these changes:`, ...lines];
  const message = [`The migration ${name} was started with another definition or other units:`, ...lines].join('\n');
  throw new CommandError(exitStatus.usage, message, {
    next: changedStep(context, file),
    cause: new Failure('ConfigError/Changed', message),
  });
}
