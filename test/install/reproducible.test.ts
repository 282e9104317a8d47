import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const checkout = resolve(import.meta.dirname, '../..');

it('the package is the same bytes, wherever it is built', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-twice-'));
  const places = ['one', 'another'].map((name) => join(folder, name));
  // Both before anything is built, so that they are of one state of the checkout.
  for (const place of places) await copyCheckout(place);
  const digests = [];
  for (const place of places) digests.push(await digestOfPackage(place));
  expect(digests[1]).toBe(digests[0]);
  rmSync(folder, { recursive: true });
}, 1_200_000);

async function copyCheckout(place: string): Promise<void> {
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: checkout });
  for (const path of stdout.split('\n')) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    cpSync(join(checkout, path), join(place, path));
  }
}

/** Installs, builds and packs in a copy of the checkout. */
async function digestOfPackage(place: string): Promise<string> {
  const run = { cwd: place, stdin: 'ignore' } as const;
  await execa('npm', ['ci', '--ignore-scripts', '--prefer-offline'], run);
  await execa('node', ['scripts/build.mjs'], run);
  await execa('npm', ['pack', '--ignore-scripts'], run);
  const tarball = readdirSync(place).find((name) => name.endsWith('.tgz')) ?? '';
  return createHash('sha256')
    .update(readFileSync(join(place, tarball)))
    .digest('hex');
}
