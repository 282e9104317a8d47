import { controlBase, type ControlAddress } from '../../domain/migration-record.js';
import type { ControlStore } from '../../control/control-store.js';
import { CommandError } from '../ending/command-error.js';
import { isRootOf } from '../control-of.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { parseMigrationArgument } from './migration-argument.js';
import { readMigrationFile, type MigrationFile } from './read-migration-file.js';
import { readNewestRound, type StagedRound } from '../../control/newest-round.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';

/** A migration with its control prefix open. */
export interface FoundRound {
  readonly name: string;
  readonly control: ControlStore;
  /** Key base of its control objects. */
  readonly base: string;
  /** Its newest round. */
  readonly staged: StagedRound;
  /** What Temporal knows of it. */
  readonly root: RootDescription | undefined;
  /** There where it was named by its file. */
  readonly file: MigrationFile | undefined;
}

/**
 * Finds the newest round of a migration named by NAME (Temporal tells where its control prefix lies) or FILE (Temporal need not know it).
 * Rejects with status 5 where there is none.
 */
export async function findRound(context: CommandContext, temporal: TemporalPort, operand: string): Promise<FoundRound> {
  const argument = parseMigrationArgument(operand);
  const file = argument.kind === 'file' ? await readMigrationFile(argument.path) : undefined;
  const name = file?.definition.name ?? operand;
  const newest = await temporal.describeRoot(name);
  const root = newest !== undefined && (file === undefined || isRootOf(newest, file.definition)) ? newest : undefined;
  const address = file === undefined ? await temporal.rootControl(name) : undefined;
  if (file === undefined && address === undefined) {
    throw new CommandError(
      exitStatus.noSuchMigration,
      `Temporal at ${temporal.address}, namespace ${temporal.namespace}, knows no migration ${name}`,
      { next: 'give its file instead: then the control prefix tells' },
    );
  }
  const target = file?.definition.target ?? targetOf(address);
  const control = await context.stores.openControl({ target }, context.environment);
  const base = controlBase({ prefix: target.control.prefix, name });
  const staged = await readNewestRound(control, base, context.signal);
  if (staged !== undefined) return { name, control, base, staged, root, file };
  const place = `s3://${target.control.bucket}/${target.control.prefix}`;
  throw new CommandError(
    exitStatus.noSuchMigration,
    `The migration ${name} has not been started: there is nothing of it in ${place}`,
    { next: `start it: \`${context.invocation} start FILE\`` },
  );
}

function targetOf(address: ControlAddress | undefined) {
  const { bucket = '', prefix = '', s3 = {} } = address ?? {};
  return { ...s3, control: { bucket, prefix } };
}
