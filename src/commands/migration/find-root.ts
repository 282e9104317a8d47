import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';
import { isRootOf } from './control-memo-of.js';
import type { NamedMigration } from './named-migration.js';

/**
 * Asks Temporal for the newest root run of a migration. Returns undefined if there is none, or if it is that of another
 * migration of the same name.
 */
export async function findRoot(
  temporal: TemporalPort,
  { name, file }: NamedMigration,
): Promise<RootDescription | undefined> {
  const root = await temporal.describeRoot(name);
  return root === undefined || file === undefined || isRootOf(root, file.definition) ? root : undefined;
}

/** As {@link findRoot}, but rejects with status 5 if there is none. */
export async function requireRoot(
  temporal: TemporalPort,
  named: NamedMigration,
  next = '`longhaul list` shows the migrations that it knows',
): Promise<RootDescription> {
  const root = await findRoot(temporal, named);
  if (root === undefined) throw unknownMigration(temporal, named.name, next);
  return root;
}

/** The error of a migration that Temporal does not know. */
export function unknownMigration(
  { address, namespace }: Pick<TemporalPort, 'address' | 'namespace'>,
  name: string,
  next: string,
): CommandError {
  return new CommandError(
    exitStatus.noSuchMigration,
    `Temporal at ${address}, namespace ${namespace}, does not know a migration named ${name}`,
    { next },
  );
}
