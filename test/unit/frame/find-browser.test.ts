import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser } from '../../../scripts/lib/find-browser.mjs';

describe('the browser of the tests', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-browser-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const program = (...path: readonly string[]) => {
    const file = join(folder, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
    chmodSync(file, 0o755);
    return file;
  };

  it('is the one that CHROME_PATH names, else the first Chromium on PATH', () => {
    const own = program('own');
    const chrome = program('one', 'google-chrome');
    const chromium = program('other', 'chromium');
    const PATH = `${join(folder, 'one')}:${join(folder, 'other')}`;
    expect(findBrowser({ CHROME_PATH: own, PATH })).toBe(own);
    expect(findBrowser({ CHROME_PATH: '', PATH })).toBe(chromium);
    expect(findBrowser({ PATH: join(folder, 'one') })).toBe(chrome);
  });

  it('is none where nothing on PATH can be run under such a name', () => {
    mkdirSync(join(folder, 'chromium'));
    writeFileSync(join(folder, 'google-chrome'), '');
    expect(findBrowser({ PATH: folder })).toBeUndefined();
    expect(findBrowser({})).toBeUndefined();
  });

  it('is an error where CHROME_PATH names no program', () => {
    const PATH = join(program('bin', 'chromium'), '..');
    expect(() => findBrowser({ CHROME_PATH: join(folder, 'gone'), PATH })).toThrow(/CHROME_PATH is .*gone/);
  });
});
