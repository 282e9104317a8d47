import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionTable } from '../../../../src/commands/option-table.js';
import { generalVariables, variableTable } from '../../../../src/commands/variable-table.js';
import { loadVerbs } from '../../../../src/commands/verbs.js';
import { workerTable } from '../../../../src/worker/worker-table.js';

const top = new URL('../../../../', import.meta.url).pathname;
const verbs = await loadVerbs();
const { man } = JSON.parse(readFileSync(`${top}package.json`, 'utf8')) as { man: readonly string[] };
const read = (path: string): string => readFileSync(`${top}${path}`, 'utf8');
/** The text without what makes it bold or italic, and without escapes. */
const plain = (page: string): string => page.replaceAll(/\\f[BIR]|\\&/g, '').replaceAll('\\-', '-');

describe('the man pages', () => {
  it('are those that npm installs', () => {
    expect(man).toEqual(['dist/man/longhaul.1', 'dist/man/longhaul-worker.1']);
  });

  it('explain every verb, option and variable', () => {
    const page = plain(read('dist/man/longhaul.1'));
    for (const { name } of verbs) expect(page).toContain(`\nlonghaul ${name}`);
    for (const { flags } of Object.values(optionTable)) expect(page).toContain(flags.split(/[ ,]/)[0]);
    for (const name of Object.keys({ ...variableTable, ...generalVariables })) expect(page).toContain(name);
    const worker = plain(read('dist/man/longhaul-worker.1'));
    for (const { flags } of Object.values(workerTable.options)) expect(worker).toContain(flags.split(' ')[0]);
    for (const name of Object.keys(workerTable.variables)) expect(worker).toContain(name);
  });

  it.each(man)('%s begins no line with an unknown request, and is plain ASCII', (path) => {
    const requests = read(path)
      .split('\n')
      .filter((line) => /^[.']/.test(line))
      .map((line) => line.split(' ')[0]);
    expect([...new Set(requests)].sort()).toEqual(
      path.endsWith('worker.1')
        ? ['.PP', '.SH', '.TH', '.TP', '.\\"']
        : ['.PP', '.SH', '.SS', '.TH', '.TP', '.\\"', '.br'],
    );
    expect(read(path)).toMatch(/^[\n -~]*$/);
  });

  it.skipIf(spawnSync('groff', ['--version']).error !== undefined)('are set by groff without a warning', () => {
    for (const path of man) {
      const { status, stderr } = spawnSync('groff', ['-ww', '-man', '-z', `${top}${path}`], { encoding: 'utf8' });
      expect({ path, status, stderr }).toEqual({ path, status: 0, stderr: '' });
    }
  });
});
