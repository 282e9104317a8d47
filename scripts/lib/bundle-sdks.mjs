import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { relative } from 'node:path';
import { rolldown } from 'rolldown';
import { listBelow } from './build-inputs.mjs';
import { listShippedPackages } from './packages/shipped-packages.mjs';

/**
 * Replaces each module of `folder`, which exports parts of a cloud's SDK or of another library, by one that contains
 * these parts, so that the library need not be installed. What is used nowhere is dropped; names stay as they are,
 * because stack traces and error classes are read. What several modules need goes to `shared`.
 *
 * Throws if a package is missing from those whose licences and advisories are checked, or has to be installed after
 * all.
 *
 * @param {string} folder
 * @param {import('rolldown').Plugin[]} [plugins]
 */
export async function bundleSdks(folder, plugins = []) {
  const modules = listBelow(folder).filter((path) => path.endsWith('.js'));
  const bundle = await rolldown({
    input: Object.fromEntries(modules.map((path) => [relative(folder, path).replace(/\.js$/, ''), path])),
    platform: 'node',
    plugins,
    // A slow bundler is not a fault of the bundle: the machine may be busy.
    checks: { bundlerTimings: false },
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundle.write({
    dir: folder,
    chunkFileNames: 'shared/[name].js',
    keepNames: true,
    sourcemap: true,
  });
  await bundle.close();

  const chunks = output.filter((file) => file.type === 'chunk');
  const files = new Set(chunks.map(({ fileName }) => fileName));
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  const installed = imported.filter((name) => !files.has(name) && !isBuiltin(name));
  if (installed.length > 0) throw new Error(`Not in the bundle: ${installed.join(', ')}.`);

  const shipped = new Set(listShippedPackages(readFileSync('package-lock.json', 'utf8')));
  const unknown = chunks
    .flatMap(({ moduleIds }) => moduleIds.flatMap(packagePath))
    .filter((path) => !shipped.has(path));
  if (unknown.length > 0) {
    throw new Error(
      `Missing from bundledSdks in scripts/lib/packages/shipped-packages.mjs: ${[...new Set(unknown)].join(', ')}.`,
    );
  }
}

/**
 * Returns the path of the package that a module belongs to, as in the lock. Modules that are not of a package (the
 * entries, and the bundler's own helpers) give nothing.
 *
 * @param {string} moduleId
 * @returns {string[]}
 */
function packagePath(moduleId) {
  const path = relative('.', moduleId).replaceAll('\\', '/');
  return /^(.*node_modules\/(@[^/]+\/)?[^/]+)\//.exec(path)?.slice(1, 2) ?? [];
}
