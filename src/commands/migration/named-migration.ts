import type { MigrationFile } from './read-migration-file.js';

/** The operand by which a verb takes a migration. */
export const migrationOperand = {
  name: 'name|file',
  description: 'the name of a migration, or the path of its migration file',
} as const;

/** A migration that the user has named. `file` is set if the operand was its file. */
export interface NamedMigration {
  readonly name: string;
  readonly file: MigrationFile | undefined;
}

/** Reads an operand: NAME as it stands, FILE for the name it contains. Rejects as `readMigrationFile` does. */
export async function namedMigration(operand: string): Promise<NamedMigration> {
  if (isName(operand)) return { name: operand, file: undefined };
  const { readMigrationFile } = await import('./read-migration-file.js');
  const file = await readMigrationFile(operand);
  return { name: file.definition.name, file };
}

/**
 * A name has no dot, and no slash except that of a plan or a verification, `plan/orders`. The path of a migration file
 * has a dot, or another slash.
 */
function isName(operand: string): boolean {
  return /^((plan|verify)\/)?[a-z0-9][a-z0-9-]{0,62}$/.test(operand);
}
