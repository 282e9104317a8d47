import { execa } from 'execa';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Writes the address of every module that is loaded to standard error. */
const hooks = `import { writeSync } from 'node:fs';
export async function load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); }`;
const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;

describe('the built command line', () => {
  it.each([[['--help']], [['status', '--help']], [['--version']]])(
    'loads for %j no more than the verbs and the parser',
    async (args) => {
      const { stderr } = await execa(process.execPath, [
        ...['--import', dataUrl(register), resolve('dist/client.js')],
        ...args,
      ]);
      const modules = stderr.split('\n').filter((url) => url.startsWith('file:'));
      expect(modules.some((url) => url.endsWith('dist/commands/verbs.js'))).toBe(true);
      const packages = modules.map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
      expect([...new Set(packages)].filter((name) => name !== undefined).sort()).toEqual([
        'canonicalize',
        'commander',
        'env-paths',
        'is-safe-filename',
      ]);
    },
  );

  it('ends without a word when nobody reads what it prints', async () => {
    const child = execa(process.execPath, [resolve('dist/client.js'), '--help'], { reject: false });
    child.stdout.destroy();
    expect(await child).toMatchObject({ exitCode: 130, stderr: '' });
  });
});

function dataUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
