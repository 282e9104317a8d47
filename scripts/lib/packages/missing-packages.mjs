/**
 * The part of a package lock that matters here: versions by path.
 *
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Returns how the installed packages differ from the locked ones, or undefined if they do not.
 * Optional packages may be absent: npm skips those for other platforms.
 *
 * @param {Lock | undefined} wanted the lock of the checkout
 * @param {Lock | undefined} installed what npm noted in `node_modules` after its last complete install
 * @returns {string | undefined}
 */
export function missingPackages(wanted, installed) {
  if (wanted === undefined) return 'there is no package-lock.json';
  if (installed === undefined) return 'none are installed yet';
  for (const [path, { version, integrity, optional }] of Object.entries(wanted.packages)) {
    const found = installed.packages[path];
    if (path === '' || (found === undefined && optional === true)) continue;
    const name = path.replace(/^.*node_modules\//, '');
    if (found === undefined) return `${name} is missing`;
    if (found.version !== version || found.integrity !== integrity)
      return `${name} is not at ${version ?? 'its version'}`;
  }
  const extra = Object.keys(installed.packages).find((path) => wanted.packages[path] === undefined);
  return extra === undefined ? undefined : `${extra.replace(/^.*node_modules\//, '')} is no longer in the lock`;
}
