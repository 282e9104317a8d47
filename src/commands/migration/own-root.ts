import { Failure } from '../../domain/failure.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { controlOf, controlText, isRootOf } from '../control-of.js';
import { exitStatus } from '../ending/exit-status.js';
import type { MigrationFile } from './read-migration-file.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';

/**
 * Gives the newest root run of the migration of a file; undefined where Temporal knows none. Names are unique in a namespace: rejects with
 * status 2 while a migration of the same name runs from another control prefix.
 */
export async function describeOwnRoot(
  context: Pick<CommandContext, 'invocation'>,
  { definition }: Pick<MigrationFile, 'definition'>,
  temporal: TemporalPort,
): Promise<RootDescription | undefined> {
  const { name } = definition;
  const root = await temporal.describeRoot(name);
  if (root === undefined || isRootOf(root, definition)) return root;
  if (root.state !== 'running' || root.control === null) return undefined;
  const message =
    `Another migration with the name ${name} runs at Temporal ${temporal.address}, namespace ${temporal.namespace}: its control ` +
    `prefix is ${controlText(root.control)}, and that of this file is ${controlText(controlOf(definition))}`;
  throw new CommandError(exitStatus.usage, message, {
    next: `give one of them another \`name\`, or wait until the other has ended (\`${context.invocation} status ${name}\`)`,
    cause: new Failure('ConfigError', message),
  });
}
