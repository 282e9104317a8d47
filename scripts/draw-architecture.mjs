#!/usr/bin/env node
/** Draws the picture in ARCHITECTURE.md from what the sources import; with `--check` it fails when the picture is out of date. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import laws from '../.dependency-cruiser.js';
import { drawFolders } from './lib/draw-folders.mjs';
import { writeOrCheck } from './lib/generated-text.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const path = 'ARCHITECTURE.md';
const { tsConfig: _notNeededForPaths, ...options } = laws.options ?? {};
const { output } = await cruise(['src'], options);
if (typeof output === 'string') throw new Error('dependency-cruiser gave a text, not modules');
const picture = drawFolders(
  output.modules.map(({ source, dependencies }) => ({
    source,
    dependencies: dependencies.map(({ resolved, dependencyTypes }) => ({
      resolved,
      typeOnly: dependencyTypes.includes('type-only'),
    })),
  })),
);
const text = readFileSync(path, 'utf8');
const drawn = text.replace(
  /(<!-- picture -->\n\n```mermaid\n)[^]*?(\n```)/,
  (_all, before, after) => before + picture + after,
);
if (!drawn.includes(picture))
  throw new Error(`${path} has no place for the picture: <!-- picture -->, then a block of mermaid`);
writeOrCheck({ path, text: drawn, command: 'node scripts/draw-architecture.mjs' });
