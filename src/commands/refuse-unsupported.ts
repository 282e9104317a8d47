import { Failure } from '../domain/failure.js';
import { unsupportedTransform } from '../domain/supported-transform.js';
import { CommandError } from './command-error.js';
import { exitStatus } from './exit-status.js';
import type { MigrationFile } from './read-migration-file.js';

/** Refuses, with status 2, a migration file that asks for what this version cannot carry out, before anything is staged. */
export function refuseUnsupported({ definition, path }: MigrationFile): void {
  const unsupported = unsupportedTransform(definition.transform);
  if (unsupported === undefined) return;
  const message = `Starting the migration of ${path} failed: this version of Longhaul cannot carry out transform.${unsupported}`;
  throw new CommandError(exitStatus.usage, message, {
    next: `correct transform.${unsupported.split(':')[0] ?? ''} in ${path}, or install a version that can`,
    cause: new Failure('ConfigError', message),
  });
}
