/**
 * Says, one sentence each, what is wrong with a package lock:
 * - every `@temporalio/*` is at one exact version, because its parts speak private protocols with each other;
 * - all of them share one protobufjs 8: with two copies, recorded histories fail to load with "type must be a Type"
 *   (the 7.x inside `@grpc/proto-loader` is apart from them and does no harm);
 * - no host of a download is named, so that the lock works with any registry.
 *
 * @param {string} text the lock, lockfile version 3
 * @param {{ hostsAllowed?: boolean }} [options]
 * @returns {string[]}
 */
export function listLockProblems(text, { hostsAllowed = false } = {}) {
  /** @type {Record<string, { version?: string, dependencies?: Record<string, string>, resolved?: string }>} */
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

  const hosted = paths.filter((path) => /^https?:/.test(packages[path]?.resolved ?? ''));
  if (!hostsAllowed && hosted.length > 0) {
    problems.push(
      `The lock names download hosts for ${hosted.length} packages (${hosted[0] ?? ''} …). ` +
        'Make it again with the .npmrc of this checkout (omit-lockfile-registry-resolved).',
    );
  }
  return problems;
}
