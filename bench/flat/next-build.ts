import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Copies the build under another version, as an upgrade would. Returns its folder. */
export async function nextBuild(folder: string): Promise<string> {
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const current = JSON.parse(await readFile('package.json', 'utf8')) as Readonly<Record<string, unknown>>;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...current, version: '99.0.0' }));
  return folder;
}
