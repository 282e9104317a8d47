import { basename } from 'node:path';

/** Gives a valid name of a migration after the folder that its file lies in. */
export function exampleName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? 'my-migration' : name;
}
