import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makePages, readMeasured } from '../../../bench/scaling/report/write-pages.js';

it('the pages say what was measured: npm run bench -- scaling --report-only', async () => {
  const pages = await makePages(await readMeasured());
  expect([...pages.keys()]).toEqual(['docs/bench/scaling.md', 'docs/sizing.md']);
  for (const [path, text] of pages) expect(await readFile(path, 'utf8'), path).toBe(text);
});
