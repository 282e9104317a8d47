import { basename } from 'node:path';

/** Returns a valid name for a migration, derived from the folder of its file. */
export function exampleName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? 'my-migration' : name;
}
