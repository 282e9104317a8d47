import envPaths from 'env-paths';
import { execa } from 'execa';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Returns the `dist` of another version of Longhaul, built from its commit in this repository into Longhaul's cache if
 * it is not there yet. It is built with the packages that are installed here.
 */
export async function buildVersion(commit: string): Promise<string> {
  const folder = join(envPaths('longhaul', { suffix: '' }).cache, 'versions', commit);
  if (!existsSync(folder)) await build(commit, folder);
  return join(folder, 'dist');
}

async function build(commit: string, folder: string): Promise<void> {
  console.error(`Building ${commit} …`);
  const partial = `${folder}.${String(process.pid)}`;
  mkdirSync(partial, { recursive: true });
  try {
    const { stdout } = await execa('git', ['archive', commit], { encoding: 'buffer', maxBuffer: 500_000_000 });
    await execa('tar', ['-x', '-C', partial], { input: stdout });
    // A copy, because the cache may outlive this checkout, and the build follows no link out of its own.
    await execa('cp', ['-a', '--reflink=auto', resolve('node_modules'), partial]);
    await execa(process.execPath, ['scripts/build.mjs'], { cwd: partial, timeout: 10 * 60_000 });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
