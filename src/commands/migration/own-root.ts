import { Failure } from '../../domain/failure.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { CommandContext } from '../ports/context.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';
import { controlMemoOf, controlText, isRootOf } from './control-memo-of.js';
import type { MigrationFile } from './read-migration-file.js';

/**
 * Returns the newest root run of a file's migration, or undefined if Temporal knows none. Names are unique within a
 * namespace: rejects with status 2 while a migration of the same name runs with another control prefix.
 */
export async function ownRoot(
  { invocation }: Pick<CommandContext, 'invocation'>,
  { definition }: Pick<MigrationFile, 'definition'>,
  temporal: TemporalPort,
): Promise<RootDescription | undefined> {
  const { name } = definition;
  const root = await temporal.describeRoot(name);
  if (root === undefined || isRootOf(root, definition)) return root;
  if (root.state !== 'running' || root.control === null) return undefined;
  const message =
    `Another migration named ${name} is running at Temporal ${temporal.address}, namespace ${temporal.namespace}: ` +
    `its control prefix is ${controlText(root.control)}, and that of this file is ` +
    controlText(controlMemoOf(definition));
  throw new CommandError(exitStatus.usage, message, {
    next: `give one of them another \`name\`, or wait until the other has ended (\`${invocation} status ${name}\`)`,
    cause: new Failure('ConfigError', message),
  });
}
