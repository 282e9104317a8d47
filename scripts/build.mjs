#!/usr/bin/env node
/**
 * Builds `dist` from `src`: compiled programs, the files next to them, the SDKs, the man pages, and the workflow
 * bundle.
 *
 * Works in `dist.next` and swaps at the end, so that a failed build leaves the last good one in place.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { buildNotePath, digestBuildInputs, listBelow } from './lib/build-inputs.mjs';
import { fewerDescriptors } from './lib/fewer-descriptors.mjs';
import { readCliTables } from './lib/documents/cli-tables.mjs';
import { manPages } from './lib/documents/man-pages.mjs';
import { formatDuration, runProcess } from './lib/run-process.mjs';
import { withoutPlace } from './lib/without-place.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const require = createRequire(import.meta.url);
const startedAt = performance.now();
const next = 'dist.next';

// Set while npm installs for scripts/prepare-checkout.mjs, which builds afterwards and reports the two failures apart.
if (process.env['LONGHAUL_BUILD_LATER'] === '1') process.exit(0);

if (!existsSync('node_modules/typescript')) {
  // Installed without development tools (an image that copies dist in): nothing can be built, and nothing needs to be.
  process.stderr.write('Not built: the development dependencies are missing. `npm ci --include=dev` installs them.\n');
  process.exit(process.env['npm_lifecycle_event'] === 'prepare' ? 0 : 1);
}

const inputs = digestBuildInputs();
rmSync(next, { recursive: true, force: true });
mkdirSync(next);
await compileCodecs();
await compile();
copyAssets();
await bundle(`${next}/stores/sdk`, 'The SDKs of the clouds');
await bundle(`${next}/commands/charts/d3`, 'The library of the charts');
await bundle(`${next}/telemetry/sdk`, 'The SDK of OpenTelemetry');
await bundle(`${next}/client/sdk`, "Temporal's client", [fewerDescriptors()]);
makeProgramsExecutable();
await writeManPages();
await bundleWorkflows();
writeFileSync(buildNotePath.replace(/^dist/, next), `${inputs}\n`);
rmSync('dist', { recursive: true, force: true });
renameSync(next, 'dist');
process.stderr.write(`Built dist in ${formatDuration(performance.now() - startedAt)}.\n`);

async function compileCodecs() {
  if ((await runProcess(process.execPath, ['scripts/build-wasm.mjs'])) !== 0) stop('A codec does not compile.');
}

async function compile() {
  const status = await runProcess(process.execPath, [
    require.resolve('typescript/lib/tsc.js'),
    ...['-p', 'tsconfig.build.json', '--outDir', next],
  ]);
  if (status !== 0) stop('The sources do not compile; see the messages above.');
}

/**
 * Templates, Python programs, codecs and other files are read at run time from the folder of the code that uses them.
 */
function copyAssets() {
  for (const path of listBelow('src').filter((name) => !name.endsWith('.ts') && !name.includes('/assembly/'))) {
    const copy = path.replace(/^src/, next);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
}

/**
 * The two SDKs with all that they need are 100 MB in 100 packages when installed, and 3 MB here; d3's scales and shapes
 * are 2 MB in ten packages, and 100 kB here. Temporal's client is installed with the worker; in one file, it loads
 * faster.
 *
 * @param {string} folder
 * @param {string} what
 * @param {import('rolldown').Plugin[]} [plugins]
 */
async function bundle(folder, what, plugins) {
  const { bundleSdks } = await import('./lib/bundle-sdks.mjs');
  try {
    await bundleSdks(folder, plugins);
  } catch (error) {
    stop(`${what} cannot be bundled. (${String(error)})`);
  }
}

function makeProgramsExecutable() {
  for (const program of [`${next}/client.js`, `${next}/worker.js`].filter((path) => existsSync(path))) {
    if (!readFileSync(program, 'utf8').startsWith('#!')) {
      stop(
        `${program.replace(next, 'src').replace(/js$/, 'ts')} must begin with "#!/usr/bin/env node": it is a program.`,
      );
    }
    chmodSync(program, 0o755);
  }
}

/** They come from the tables of the programs, so a build cannot have old ones. */
async function writeManPages() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const pages = manPages(await readCliTables(next), version);
  mkdirSync(`${next}/man`);
  for (const [name, page] of Object.entries(pages)) writeFileSync(`${next}/man/${name}`, page);
}

/**
 * Bundling once here saves every worker process its own bundling at start, and fails on an import that workflows may
 * not have.
 */
async function bundleWorkflows() {
  if (!existsSync('src/workflows/index.ts')) {
    process.stderr.write('No src/workflows/index.ts yet: dist/workflow-bundle.js is not built.\n');
    return;
  }
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: resolve(next, 'workflows/index.js'),
      logger: new DefaultLogger('WARN'),
    });
    writeFileSync(`${next}/workflow-bundle.js`, withoutSources(withoutPlace(code, resolve('.'))));
  } catch (error) {
    stop(`The workflows cannot be bundled; the messages above name the import at fault. (${String(error)})`);
  }
}

/**
 * Drops the sources from the map at the end of a bundle: two thirds of its bytes, which every process of a worker would
 * keep. Lines in stack traces need only the rest.
 *
 * @param {string} code
 */
function withoutSources(code) {
  return code.replace(/(?<=\n\/\/# sourceMappingURL=data:[^,]*base64,)[A-Za-z0-9+/=]+(?=\s*$)/, (encoded) => {
    const { sourcesContent: _unused, ...map } = JSON.parse(Buffer.from(encoded, 'base64').toString());
    return Buffer.from(JSON.stringify(map)).toString('base64');
  });
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  rmSync(next, { recursive: true, force: true });
  process.stderr.write(`Not built: ${message}\n`);
  process.exit(1);
}
