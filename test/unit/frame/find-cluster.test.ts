import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findCluster, findPostgres } from '../../../scripts/lib/find-cluster.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-postgres-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(...path: readonly string[]): string {
  const bin = join(folder, ...path);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'postgres'), '');
  chmodSync(join(bin, 'postgres'), 0o755);
  return bin;
}

it('PostgreSQL on PATH is taken, else the newest that Debian has installed', () => {
  expect(findPostgres({}, join(folder, 'nothing'))).toBeUndefined();
  for (const older of ['9', '15']) install(older, 'bin');
  const newest = install('16', 'bin');
  expect(findPostgres({ PATH: '' }, folder)).toBe(newest);
  const own = install('own');
  expect(findPostgres({ PATH: own }, folder)).toBe(own);
});

it('a folder of a version without its server is passed over', () => {
  mkdirSync(join(folder, '16', 'bin'), { recursive: true });
  const older = install('15', 'bin');
  expect(findPostgres({}, folder)).toBe(older);
});

it('there is no cluster without the programs that it takes', () => {
  expect(findCluster({ PATH: folder })).toBeUndefined();
});
