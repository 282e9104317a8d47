import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath, isProgram } from './find-on-path.mjs';

/**
 * Returns the path of `ip` where a cluster of several hosts can be started on this machine: there must be PostgreSQL,
 * Go (which builds Temporal's server) and a C compiler, and this user must be allowed to make networks. Undefined
 * otherwise.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string | undefined}
 */
export function findCluster(environment) {
  const programs = ['ip', 'unshare', 'setpriv', 'go', 'cc'].map((name) => findOnPath([name], environment));
  if (programs.includes(undefined) || findPostgres(environment) === undefined) return undefined;
  const [ip, unshare] = /** @type {[string, string]} */ (programs);
  if (process.getuid?.() !== 0) return undefined;
  // In a network namespace of its own, so that nothing is left of the attempt.
  const attempt = spawnSync(unshare, ['--net', ip, 'link', 'add', 'longhaul', 'type', 'bridge'], { stdio: 'ignore' });
  return attempt.status === 0 ? ip : undefined;
}

/**
 * Returns the folder with PostgreSQL's server and its tools: that of `postgres` on `PATH`, else the newest of Debian's,
 * which are not on it.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} installed where Debian has a folder for each version
 * @returns {string | undefined}
 */
export function findPostgres(environment, installed = '/usr/lib/postgresql') {
  const onPath = findOnPath(['postgres'], environment);
  // It may be only a link to the program.
  if (onPath !== undefined) return dirname(realpathSync(onPath));
  const versions = existsSync(installed) ? readdirSync(installed).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(installed, version, 'bin'))
    .find((folder) => isProgram(join(folder, 'postgres')));
}
