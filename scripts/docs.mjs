#!/usr/bin/env node
/**
 * Builds the documents as a site that can be searched, in site/dist, and fails on a link that leads nowhere. With
 * `--serve` it then serves the site on this machine. The generator has a lock of its own, and is installed the first
 * time.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runProcess } from './lib/run-process.mjs';
import { writeSitePages } from './lib/documents/site-pages.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const generator = 'site/node_modules/vitepress/bin/vitepress.js';
if (!existsSync(generator)) {
  const status = await runProcess('npm', ['ci', '--ignore-scripts', '--prefix', 'site']);
  if (status !== 0) process.exit(status);
}
writeSitePages('site/pages');
const built = await runProcess(process.execPath, [generator, 'build', 'site']);
if (built === 0 && process.argv.includes('--serve')) {
  process.exitCode = await runProcess(process.execPath, [generator, 'preview', 'site']);
} else {
  process.exitCode = built;
  if (built === 0) process.stdout.write('The site is in site/dist. `npm run docs -- --serve` shows it.\n');
}
