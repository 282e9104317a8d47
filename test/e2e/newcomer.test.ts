import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { blocksRunBy } from '../support/documents/command-blocks.js';

const client = new URL('../../dist/client.js', import.meta.url).pathname;

/** Runs the README's blocks in one shell, in a folder of its own, against the shared stack instead of a new one. */
describe('a newcomer', () => {
  const stack = inject('stack');
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-newcomer-'));
    for (const name of ['bin', 'data', 'work']) await mkdir(join(folder, name));
    // The state directory that is used where none is named.
    await symlink(stack.stateDir, join(folder, 'data', 'longhaul'));
    await writeProgram('longhaul', `exec ${process.execPath} ${client} "$@"`);
    // Without a checkout around it, `npm run demo` is the demo itself, and a short one.
    await writeProgram('npm', '[ "$1 $2" = "run demo" ] && exec longhaul demo --units 12');
    await writeProgram('npx', '[ "$1" = --no-install ] && shift && exec "$@"');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // The demo may start the workers of the stack again, which then have the credentials of its environment.
  const keyFiles = Object.fromEntries(
    Object.entries(stack.environment).filter(([name]) => /^LONGHAUL_CREDENTIAL_.*_KEY_FILE$/.test(name)),
  );
  const writeProgram = (name: string, line: string) =>
    writeFile(join(folder, 'bin', name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });

  it('gets from the demo to a migration of their own with the lines of the README', async () => {
    const script = blocksRunBy(import.meta.filename).join('');
    const { all, exitCode } = await execa('bash', ['-euxo', 'pipefail', '-c', script], {
      ...{ cwd: join(folder, 'work'), all: true, reject: false, stdin: 'ignore' },
      env: {
        ...keyFiles,
        PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        XDG_DATA_HOME: join(folder, 'data'),
        XDG_CACHE_HOME: join(envPaths('longhaul', { suffix: '' }).cache, '..'),
      },
    });

    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/^Verified: 12 objects/m);
    expect(all).toMatch(/^\d+ ok, \d+ warnings/m);
    expect(all).toContain('Plan of try: 2 units, all looked at.');
    expect(all).toContain('2 of 2 (100.0 %): 2 done, of these 0 found; 0 empty; 0 failed');
    expect(all).toMatch(/^Unit acme-1\/2019-07 \(index 0\): done/m);
    expect(all).toContain('2 of 2 (100.0 %): 2 done, of these 2 found; 0 empty; 0 failed in this round');
  });
});
