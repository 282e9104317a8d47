import { readFile } from 'node:fs/promises';
import { type DefinitionFile, parseDefinitionFile } from '../../definition/parse-definition.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';

/** A valid migration file. `path` is as the user gave it. */
export interface MigrationFile extends DefinitionFile {
  readonly path: string;
}

/**
 * Reads a migration file. Rejects with status 2 if it cannot be read, with `DefinitionProblems` if something in it is
 * wrong.
 */
export async function readMigrationFile(path: string): Promise<MigrationFile> {
  return { ...parseDefinitionFile(await readText(path), path), path };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : code;
    throw new CommandError(exitStatus.usage, `Reading the migration file ${path} failed: ${why}`, {
      next: 'give the path of a migration file; `longhaul init` writes one',
      cause,
    });
  }
}
