import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complete } from '../../../../src/commands/completion/complete.js';
import { shellScripts } from '../../../../src/commands/completion/shell-scripts.js';
import { optionTable } from '../../../../src/commands/option-table.js';
import { loadVerbs, verbGroups } from '../../../../src/commands/verbs.js';

const verbs = await loadVerbs();
const completed = (...words: string[]) => {
  const { candidates, files } = complete(words, { verbs, groups: verbGroups, options: optionTable });
  return { texts: candidates.map(({ text }) => text), files };
};

describe('the completion of a command line', () => {
  it('offers verbs and groups by their beginning, and the second words of a group', () => {
    expect(completed('').texts).toEqual(expect.arrayContaining(['start', 'status', 'dev', 'help', '--version']));
    expect(completed('sta')).toEqual({ texts: ['start', 'status'], files: false });
    expect(completed('dev', '')).toEqual({ texts: ['up', 'status', 'env', 'down', 'fetch'], files: false });
    expect(completed('dev', 'f').texts).toEqual(['fetch']);
    expect(completed('unknown', '')).toEqual({ texts: [], files: false });
  });

  it('offers the options of the verb, and files where it has an operand', () => {
    expect(completed('start', 'migration.yaml', '--w').texts).toEqual(['--watch']);
    expect(completed('list', '--')).toEqual({ texts: ['--json', '--debug', '--help'], files: false });
    expect(completed('start', '')).toEqual({ texts: [], files: true });
    expect(completed('list', '')).toEqual({ texts: [], files: false });
    expect(completed('dev', 'up', '--port').texts).toEqual(['--port-base']);
  });

  it('offers the choices of an option, or else files', () => {
    expect(completed('watch', 'orders', '--until', 'bl')).toEqual({ texts: ['blocked'], files: false });
    expect(completed('export', 'orders', '--format', '').texts).toEqual(['ndjson', 'csv']);
    for (const flag of ['-o', '--output']) {
      expect(completed('export', 'orders', flag, '')).toEqual({ texts: [], files: true });
    }
    // The value is there: what follows is another option.
    expect(completed('export', 'orders', '--format', 'csv', '--out').texts).toEqual(['--output']);
  });

  it('knows every verb with every option', () => {
    for (const { name, options } of verbs) {
      const flags = completed(...name.split(' '), '--').texts;
      for (const option of options) {
        const long = /--[a-z-]+/.exec(optionTable[option].flags)?.[0];
        expect(flags, `${name} ${String(long)}`).toContain(long);
      }
    }
  });
});

describe('the script for bash', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-completion-'));
    writeFileSync(
      join(folder, 'longhaul'),
      `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/client.js')}" "$@"\n`,
    );
    chmodSync(join(folder, 'longhaul'), 0o755);
    writeFileSync(join(folder, 'script'), shellScripts.bash);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Types words into a bash that has read the script. `compopt` works only while a key is being pressed. */
  async function typed(...words: string[]): Promise<string> {
    const script = [
      'compopt() { echo "$@"; }',
      'source script',
      'COMP_WORDS=("$@")',
      'COMP_CWORD=$(($# - 1))',
      '_longhaul',
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ];
    const path = `${folder}:${process.env['PATH'] ?? ''}`;
    const args = ['-c', script.join('; '), 'bash', 'longhaul', ...words];
    const { stdout } = await execa('bash', args, { cwd: folder, env: { PATH: path } });
    return stdout;
  }

  it('asks the program, and leaves names of files to the shell', async () => {
    expect(await typed('watch', 'orders', '--until', 'pa')).toBe('pausing\npaused');
    expect(await typed('start', '')).toBe('-o default\n');
  });
});
