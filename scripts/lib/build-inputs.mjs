import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where a build records what it was made from, relative to the top of the checkout. */
export const buildNotePath = 'dist/.inputs.sha256';

/**
 * Returns a digest of everything that a build is made from. By content, not time: a checkout of another branch, a
 * deleted source and a clock that is wrong must all be noticed.
 *
 * @returns {string} SHA-256 in hex
 */
export function digestBuildInputs() {
  // The codecs are compiled by the build itself.
  const sources = listBelow('src').filter((path) => !path.endsWith('.wasm'));
  const others = [
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build.mjs',
    'scripts/build-wasm.mjs',
    'scripts/lib/bundle-sdks.mjs',
    'scripts/lib/documents/cli-tables.mjs',
    'scripts/lib/fewer-descriptors.mjs',
    'scripts/lib/documents/man-pages.mjs',
  ];
  const digest = createHash('sha256');
  for (const path of [...others, ...sources]) {
    digest.update(`${path}\0${createHash('sha256').update(readFileSync(path)).digest('hex')}\n`);
  }
  return digest.digest('hex');
}

/**
 * Lists the paths of everything below a folder, sorted, with forward slashes.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function listBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();
}

/**
 * Lists the codecs: the folder of each one's AssemblyScript sources, and the binary that they are compiled to.
 *
 * @returns {{ sources: string, binary: string }[]}
 */
export function listCodecs() {
  return listBelow('src/pipeline')
    .filter((path) => path.endsWith('/assembly/index.ts'))
    .map((path) => {
      const sources = dirname(path);
      const folder = dirname(sources);
      return { sources, binary: `${folder}/${basename(folder)}.wasm` };
    });
}
