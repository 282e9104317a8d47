import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSitePages } from '../../../../scripts/lib/documents/site-pages.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-site-'));
  writeSitePages(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('what the generator of the site reads', () => {
  it('has a menu in the order of the list of pages', () => {
    const { menu } = JSON.parse(read('menu.json')) as { menu: { text: string; items: { link: string }[] }[] };
    expect(menu.map(({ text }) => text).slice(0, 3)).toEqual(['Start', 'Prepare', 'Operate']);
    expect(menu[0]?.items.slice(0, 2).map(({ link }) => link)).toEqual(['/', '/docs/getting-started']);
    expect(menu.at(-1)?.items.at(-1)?.link).toBe('/docs/decisions/');
  });

  it('links to pages as pages, and to other files as copies', () => {
    expect(read('docs/getting-started.md')).toContain('(../index.md#see-it-work)');
    expect(read('index.md')).toContain('[Apache-2.0](/LICENSE.txt)');
    expect(read('public/LICENSE.txt')).toContain('Apache License');
  });

  it('lists every decision record by its title', () => {
    expect(read('docs/decisions/index.md')).toContain(
      '- [1. Temporal runs slices, not units](0001-temporal-slices-not-units.md)',
    );
  });

  it('has no comments, which are for tests', () => {
    expect(read('index.md')).not.toContain('<!--');
  });
});
