#!/usr/bin/env node
/**
 * Draws the pictures in ARCHITECTURE.md from what the sources import; with `--check` it fails when one is out of date.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import laws from '../.dependency-cruiser.js';
import { drawFolders } from './lib/documents/draw-folders.mjs';
import { writeOrCheck } from './lib/documents/generated-text.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const path = 'ARCHITECTURE.md';
/** The folders whose rooms are drawn; each picture follows the line `<!-- picture: folder -->`. */
const folders = ['src', 'src/pipeline'];

const { tsConfig: _notNeededForPaths, ...options } = laws.options ?? {};
const { output } = await cruise(['src'], options);
if (typeof output === 'string') throw new Error('dependency-cruiser gave a text, not modules');
const modules = output.modules.map(({ source, dependencies }) => ({
  source,
  dependencies: dependencies.map(({ resolved, dependencyTypes }) => ({
    resolved,
    typeOnly: dependencyTypes.includes('type-only'),
  })),
}));
const text = folders.reduce(drawInto, readFileSync(path, 'utf8'));
writeOrCheck({ path, text, command: 'node scripts/draw-architecture.mjs' });

/**
 * @param {string} page
 * @param {string} folder
 */
function drawInto(page, folder) {
  const place = new RegExp(`(<!-- picture: ${folder} -->\n\n\`\`\`mermaid\n)[^]*?(\n\`\`\`)`);
  if (!place.test(page)) {
    throw new Error(`${path} has no place for the picture: <!-- picture: ${folder} -->, then a block of mermaid`);
  }
  return page.replace(place, (_all, before, after) => before + drawFolders(modules, folder) + after);
}
