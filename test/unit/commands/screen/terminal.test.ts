import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terminalScreen } from '../../../support/programs/terminal-screen.js';

const support = fileURLToPath(new URL('../../../support/programs', import.meta.url));
const python = 'python3';

describe('the progress of a migration, by a program of its own', () => {
  let folder: string;
  let program: string;
  beforeAll(async () => {
    // Below node_modules, so that the program finds the packages that it imports.
    const cache = resolve('node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'longhaul-terminal-'));
    program = join(folder, 'follow-in-terminal.js');
    const entry = fileURLToPath(new URL('../../../support/programs/follow-in-terminal.ts', import.meta.url));
    await build({ configFile: false, logLevel: 'error', build: { ssr: entry, outDir: folder, target: 'node20' } });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is bars on a terminal, drawn again in place, and left clean at the end', async () => {
    const { stdout } = await execa(python, [join(support, 'run-in-pty.py'), process.execPath, program]);
    // Every step is drawn over the one before ...
    expect(stdout.match(/█{7}░+ running: 250 of/)).not.toBeNull();
    expect(stdout.match(/█{22}░+ running: 750 of/)).not.toBeNull();
    expect(stdout).toContain('blocked: account east (SourceAuth): refused, 12 units wait');
    // ... so that the screen shows only the last one, without the line about what was blocked.
    expect(terminalScreen(stdout)).toEqual({
      lines: [
        `${'█'.repeat(30)} completed: 1,000 of 1,000 units (100.0 %)`,
        '  10,000 blobs at 100.0/s   41.0 MB in at 410.2 kB/s   39.8 MB out at 398.1 kB/s',
        'ended: completed',
      ],
      isCursorHidden: false,
    });
  });

  it('is nothing but lines without a terminal', async () => {
    const { stdout, stderr } = await execa(process.execPath, [program]);
    expect(stdout).toBe('');
    // eslint-disable-next-line no-control-regex -- what a terminal would be told in is looked for
    expect(stderr).not.toMatch(/[\u001b\r]/);
    const phases = stderr.split('\n').map((line) => /^[a-z]+/.exec(line)?.[0]);
    expect(phases).toEqual(['running', 'blocked', 'running', 'completed', 'ended']);
  });
});
