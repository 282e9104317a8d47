import { Failure } from '../../domain/failure.js';
import { formatChange } from '../../definition/describe-changes.js';
import { type StageOutcome, stageMigration } from '../../staging/stage-migration.js';
import type { ControlStore } from '../../control/control-store.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import { withStagingView } from './staging-view.js';
import { unitLines } from './unit-lines.js';

/** What to stage, and where. */
export interface StageFileRequest {
  readonly file: MigrationFile;
  readonly control: ControlStore;
  /** Key base of the migration's control objects. */
  readonly base: string;
  /** The newest round that is staged; 0 where there is none. */
  readonly newestRound: number;
}

/**
 * Stages the units of a migration file, or meets what has been staged; with progress. Rejects with status 2, naming what changed, when
 * what is there is another definition or other units. Gives lines about a change that is in force now.
 */
export async function stageFile(
  context: Pick<CommandContext, 'err' | 'now' | 'signal' | 'version' | 'decode'>,
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
  return linesAbout(outcome, definition.name);
}

function linesAbout(outcome: StageOutcome, name: string): readonly string[] {
  if (outcome.state !== 'changed') return [];
  const lines = outcome.differences.map((change) => `  ${formatChange(change)}`);
  if (outcome.safe) return [`The migration ${name} goes on with what was changed:`, ...lines];
  const message = `The migration ${name} was started with another definition or other units; now it would be:\n${lines.join('\n')}`;
  throw new CommandError(exitStatus.usage, message, {
    next: 'undo the change, or give it another `name` to make it another migration',
    cause: new Failure('ConfigError/Changed', message),
  });
}
