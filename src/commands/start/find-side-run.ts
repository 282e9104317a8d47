import { readNewestRound, type StagedRound } from '../../control/newest-round.js';
import type { ControlStore } from '../../control/control-store.js';
import type { Definition } from '../../domain/definition.js';
import { controlBase } from '../../domain/stored/migration-record.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { ownRoot } from '../migration/own-root.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';

/** A run beside the rounds of a migration, with a name and a root of its own: a plan or a verification. */
export interface SideRun {
  readonly what: 'plan' | 'verification';
  readonly name: string;
  /** The definition of the migration. */
  readonly definition: Definition;
  readonly control: ControlStore;
  /** The bucket that must be there. */
  readonly bucket: string;
  /** How another run of the same name differs from this one, for the message that refuses this one. */
  readonly differsIn: string;
}

/** Where a side run keeps its records, and the newest one of that name, if there is any. */
export interface FoundSideRun {
  readonly base: string;
  readonly newest: StagedRound | undefined;
  readonly isRunning: boolean;
}

/** Looks for the newest side run of a name, and for the bucket that it needs. */
export async function findSideRun(
  context: CommandContext,
  { name, definition, control, bucket }: SideRun,
  temporal: TemporalPort,
): Promise<FoundSideRun> {
  const root = await ownRoot(context, { definition: { ...definition, name } }, temporal);
  const target = { ...definition.target, bucket };
  await context.stores.checkTargetBucket({ ...definition, target }, context.environment, context.signal);
  const base = controlBase({ prefix: target.control.prefix, name });
  const newest = await readNewestRound({ control, base }, context.signal);
  return { base, newest, isRunning: root?.state === 'running' };
}

/**
 * Returns the side run that was staged or found. Rejects with status 2 if the state is `other`: one with other options
 * is running.
 */
export async function readSideRun(
  { invocation, signal }: CommandContext,
  { what, name, control, differsIn }: SideRun,
  { base, state }: Pick<FoundSideRun, 'base'> & { readonly state: 'staged' | 'attached' | 'other' },
): Promise<StagedRound> {
  if (state === 'other') {
    throw new CommandError(exitStatus.usage, `${name} is running, with another ${differsIn}`, {
      next: `wait for its end (\`${invocation} watch ${name}\`), or cancel it: \`${invocation} cancel ${name}\``,
    });
  }
  const staged = await readNewestRound({ control, base }, signal);
  if (staged === undefined)
    throw new CommandError(exitStatus.unexpected, `The ${what} cannot be read back from ${base}`);
  return staged;
}
