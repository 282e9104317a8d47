import { execa } from 'execa';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadedModules } from '../../support/programs/loaded-modules.js';

const allowed = ['canonicalize', 'commander', 'env-paths', 'is-safe-filename'];

describe('the built command line', () => {
  it.each([[['--help']], [['status', '--help']], [['--version']]])(
    'loads for %j no more than the verbs and the parser',
    async (args) => {
      const { own, packages } = await loadedModules('client', args);
      expect(own).toContain('commands/verbs.js');
      expect(packages.filter((name) => !allowed.includes(name))).toEqual([]);
    },
  );

  it('ends without a word when nobody reads what it prints', async () => {
    const child = execa(process.execPath, [resolve('dist/client.js'), '--help'], { reject: false });
    child.stdout.destroy();
    expect(await child).toMatchObject({ exitCode: 130, stderr: '' });
  });
});
