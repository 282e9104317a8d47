import { expect, it } from 'vitest';
import { loadedModules } from '../../support/programs/loaded-modules.js';

// Counts, not times: each module takes about a millisecond to load, and an SDK a hundred.

it('the help of a verb loads that verb and no SDK', async () => {
  const { own, packages } = await loadedModules('client', ['status', '--help']);
  expect(packages).toEqual(['commander', 'env-paths', 'is-safe-filename']);
  expect(own.filter((path) => /^commands\/verbs\//.test(path))).toEqual(['commands/verbs/status.js']);
  expect(own.length).toBeLessThanOrEqual(75);
});

it('the help of all verbs loads no SDK', async () => {
  const { own, packages } = await loadedModules('client', ['--help']);
  expect(packages).toEqual(['canonicalize', 'commander', 'env-paths', 'is-safe-filename']);
  expect(own.filter((path) => path.includes('/sdk/'))).toEqual([]);
});

it('the parent of the workers loads no SDK', async () => {
  // Like the help, the parent loads everything that it needs before it reads its arguments.
  const { own, packages } = await loadedModules('worker', ['--help']);
  expect(packages).toEqual(['commander', 'pino', 'pino-pretty']);
  expect(own.length).toBeLessThanOrEqual(25);
});
