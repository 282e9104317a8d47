import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** What a run of a built program has loaded: files of ours below `dist`, and packages. */
export interface LoadedModules {
  readonly own: readonly string[];
  readonly packages: readonly string[];
}

/** Runs `dist/<program>.js` to its end, and returns what it has loaded. A package counts once. */
export async function loadedModules(program: 'client' | 'worker', args: readonly string[]): Promise<LoadedModules> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-loads-'));
  try {
    const record = join(folder, 'loaded');
    const hook = new URL('record-loads.mjs', import.meta.url).href;
    const path = new URL(`../../../dist/${program}.js`, import.meta.url).pathname;
    await execa(process.execPath, ['--import', hook, path, ...args], { env: { LOADED_MODULES: record } });
    const urls = (await readFile(record, 'utf8')).trim().split('\n');
    const own = urls.flatMap((url) => /\/dist\/(.*)$/.exec(url.includes('/node_modules/') ? '' : url)?.[1] ?? []);
    const packages = urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
    return { own, packages: [...new Set(packages)].toSorted() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
