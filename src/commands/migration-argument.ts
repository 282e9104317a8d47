/** What a user names a migration by. */
export type MigrationArgument =
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'file'; readonly path: string };

/** Tells a NAME from a FILE: names have neither dots nor slashes, and a migration file's path has one of them. */
export function parseMigrationArgument(text: string): MigrationArgument {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text) ? { kind: 'name', name: text } : { kind: 'file', path: text };
}
