import { createReadStream } from 'node:fs';
import { DefinitionProblems } from '../../definition/definition-problems.js';
import { type DefinitionFile, parseDefinitionFile } from '../../definition/parse-definition.js';
import { type UnitsContext, withUnitProblems } from './with-unit-problems.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';

/** A valid migration file. `path` is as the user gave it. */
export interface MigrationFile extends DefinitionFile {
  readonly path: string;
}

// Far above what a definition may have, so that this only keeps a wrong file, perhaps one of units, out of memory.
const bytesMax = 1_000_000;

/**
 * Reads a migration file. Rejects with status 2 if it cannot be read, with `DefinitionProblems` if something in it is
 * wrong; with the `context` of a verb that needs the units, the problems include those of the units.
 */
export async function readMigrationFile(path: string, context?: UnitsContext): Promise<MigrationFile> {
  const text = await readText(path);
  try {
    return { ...parseDefinitionFile(text, path), path };
  } catch (error) {
    throw error instanceof DefinitionProblems ? await withUnitProblems(error, path, context) : error;
  }
}

async function readText(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path, { end: bytesMax }) as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : code;
    throw unreadable(path, why, cause);
  }
  if (bytes > bytesMax) throw unreadable(path, 'it has more than 1 MB, which no migration file has');
  return Buffer.concat(pieces).toString('utf8');
}

function unreadable(path: string, why: string, cause?: unknown): CommandError {
  return new CommandError(exitStatus.usage, `Reading the migration file ${path} failed: ${why}`, {
    next: 'give the path of a migration file; `longhaul init` writes one',
    ...(cause === undefined ? {} : { cause }),
  });
}
