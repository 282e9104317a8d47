/**
 * @typedef {{
 *   version?: string,
 *   dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 *   resolved?: string,
 * }} LockEntry
 */

/**
 * Returns one sentence for each thing that is wrong with a package lock:
 * - every `@temporalio/*` is at one exact version, because its parts use private protocols between them;
 * - all of them share one protobufjs 8: with two copies, recorded histories fail to load with "type must be a Type"
 *   (the 7.x inside `@grpc/proto-loader` is separate and does no harm);
 * - no host of a download is named, so that the lock works with any registry;
 * - packages made for other platforms are locked as well. A registry that lacks one of them at the moment of locking
 *   makes npm leave it out, after which `npm ci` refuses the lock, and other platforms lack their binary. The cure is
 *   an entry in `overrides` of package.json with the newest version that is there for all.
 *
 * @param {string} text the lock, lockfile version 3
 * @param {{ installed?: boolean }} [options] `installed`: the text is npm's record of what is installed, which names
 *   hosts and lacks other platforms
 * @returns {string[]}
 */
export function listLockProblems(text, { installed = false } = {}) {
  /** @type {Record<string, LockEntry>} */
  const packages = JSON.parse(text).packages;
  const paths = Object.keys(packages);
  const problems = [];

  const temporal = paths.filter((path) => /node_modules\/@temporalio\/[^/]+$/.test(path));
  const versions = new Set(temporal.map((path) => packages[path]?.version));
  if (temporal.length === 0) problems.push('No @temporalio package is locked.');
  if (versions.size > 1) problems.push(`@temporalio packages are at several versions: ${[...versions].join(', ')}.`);
  for (const [name, range] of Object.entries(packages['']?.dependencies ?? {})) {
    if (name.startsWith('@temporalio/') && !/^\d+\.\d+\.\d+$/.test(range)) {
      problems.push(`${name} is asked for as "${range}": name one exact version.`);
    }
  }

  const copies = paths.filter(
    (path) => /node_modules\/protobufjs$/.test(path) && !/@grpc\/proto-loader\/node_modules\/protobufjs$/.test(path),
  );
  const [copy] = copies;
  if (copies.length !== 1 || copy !== 'node_modules/protobufjs' || !packages[copy]?.version?.startsWith('8.')) {
    const found = copies.map((path) => `${path} ${packages[path]?.version ?? ''}`).join(', ') || 'none';
    problems.push(`Expected one protobufjs 8.x for all of Temporal, found: ${found}. Run \`npm dedupe\`.`);
  }

  if (installed) return problems;

  const hosted = paths.filter((path) => /^https?:/.test(packages[path]?.resolved ?? ''));
  if (hosted.length > 0) {
    problems.push(
      `The lock names download hosts for ${hosted.length} packages (${hosted[0] ?? ''} …). ` +
        'Make it again with the .npmrc of this checkout (omit-lockfile-registry-resolved).',
    );
  }

  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    const missing = Object.keys(optionalDependencies).filter((name) => !isLocked(packages, path, name));
    if (missing.length > 0) {
      problems.push(
        `The lock lacks ${missing.length} packages that ${path || 'this program'} has for other platforms ` +
          `(${missing[0] ?? ''} …). Override it in package.json with a version that is complete, and lock again.`,
      );
    }
  }
  return problems;
}

/**
 * Reports whether a package is locked where the one at `path` would find it: next to it, or further up.
 *
 * @param {Record<string, LockEntry>} packages
 * @param {string} path
 * @param {string} name
 * @returns {boolean}
 */
function isLocked(packages, path, name) {
  if (packages[path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`] !== undefined) return true;
  if (path === '') return false;
  return isLocked(packages, path.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, ''), name);
}
