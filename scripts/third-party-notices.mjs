#!/usr/bin/env node
/**
 * Writes THIRD-PARTY-NOTICES from the lock and the installed packages; with `--check` it fails when the file is out of
 * date.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeOrCheck } from './lib/documents/generated-text.mjs';
import { listShippedPackages } from './lib/packages/shipped-packages.mjs';
import { thirdPartyNotices } from './lib/packages/third-party-notices.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

// A longer text is a list of what a package was made of, not a licence; one has 8,000 lines.
const textMax = 50_000;
const longNotice = 'A long notice is in the package itself.\n';

const lock = readFileSync('package-lock.json', 'utf8');
/** @type {Record<string, { version: string, license?: string, os?: string[], cpu?: string[] }>} */
const locked = JSON.parse(lock).packages;
const shipped = new Set(listShippedPackages(lock));
const packages = Object.entries(locked)
  .filter(([path]) => shipped.has(path))
  .map(([path, { version, license, os, cpu }]) => ({
    name: path.replace(/^.*node_modules\//, ''),
    version,
    licence: license ?? licenceInManifest(path),
    // Packages for other platforms are not installed here, and the text must not depend on the machine that writes it.
    texts: os === undefined && cpu === undefined ? licenceTexts(path) : [],
  }));
writeOrCheck({
  path: 'THIRD-PARTY-NOTICES',
  text: thirdPartyNotices(packages),
  command: 'node scripts/third-party-notices.mjs',
});

/** @param {string} folder */
function licenceInManifest(folder) {
  const manifest = existsSync(join(folder, 'package.json'))
    ? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    : {};
  const stated = manifest.license ?? manifest.licenses?.[0];
  return typeof stated === 'string' ? stated : (stated?.type ?? 'see its text');
}

/** @param {string} folder */
function licenceTexts(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(name) && !/\.(js|ts|json)$/.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .map((text, _index, all) => (text.length > textMax && all.length > 1 ? longNotice : text));
}
