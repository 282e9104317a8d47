import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { documents } from '../support/documents/documents.js';

const site = resolve(import.meta.dirname, '../../site/dist');

describe('the site of the documents', () => {
  beforeAll(async () => {
    // Ends with an error if a link leads nowhere.
    await execa(process.execPath, [resolve(import.meta.dirname, '../../scripts/docs.mjs')]);
  }, 280_000);

  it('has every document as a page', async () => {
    const pages = await readdir(site, { recursive: true });
    const wanted = documents.map((path) => path.replace(/README[.]md$/, 'index.md').replace(/[.]md$/, '.html'));
    expect(wanted.filter((path) => !pages.includes(path))).toEqual([]);
  });

  it('shows templates of migration files as they are', async () => {
    const page = await readFile(join(site, 'docs/migration-file.html'), 'utf8');
    expect(page.includes('{{ tenant }}')).toBe(true);
  });

  it('can be searched for what the pages say', async () => {
    const assets = await readdir(join(site, 'assets/chunks'));
    const index = assets.find((name) => name.startsWith('@localSearchIndex'));
    const words = await readFile(join(site, 'assets/chunks', index!), 'utf8');
    expect(words.includes('targetconflict')).toBe(true);
  });
});
