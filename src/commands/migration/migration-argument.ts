/** The operand with which a verb takes a migration. */
export const migrationOperand = {
  name: 'name|file',
  description: 'name of a migration, or path of its migration file',
} as const;

/** What a user names a migration by. */
export type MigrationArgument =
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'file'; readonly path: string };

/** Tells a NAME from a FILE: names have neither dots nor slashes, and a migration file's path has one of them. */
export function parseMigrationArgument(text: string): MigrationArgument {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text) ? { kind: 'name', name: text } : { kind: 'file', path: text };
}
