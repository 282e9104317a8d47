#!/usr/bin/env node
/**
 * Makes what a release consists of, in the folder `release`: the package, a list of what is in it as CycloneDX, and
 * checksums of both.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shippedBom } from './lib/packages/shipped-bom.mjs';

process.chdir(resolve(import.meta.dirname, '..'));
const folder = 'release';
const npm = (/** @type {string[]} */ ...args) =>
  execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] });

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
npm('pack', '--ignore-scripts', '--pack-destination', folder, '--json');
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const bom = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'));
const shipped = shippedBom(bom, readFileSync('package-lock.json', 'utf8'));
writeFileSync(join(folder, `${name}-${version}.cdx.json`), `${JSON.stringify(shipped, undefined, 2)}\n`);
const sums = [`${name}-${version}.cdx.json`, `${name}-${version}.tgz`].map((file) => {
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
  return `${digest}  ${file}\n`;
});
writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));
