import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOfProgram } from '../support/programs/demo-of-program.js';

const checkout = resolve(import.meta.dirname, '../..');

describe('the tarball of `npm pack`, installed into an empty prefix', () => {
  let folder: string;
  let files: readonly string[];
  const program = (name: string): string => join(folder, 'prefix', 'bin', name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-install-'));
    // Not built again: the build is the one that the other tests run.
    const packed = await execa('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: checkout,
    });
    const [tarball] = tarballs(JSON.parse(packed.stdout));
    if (tarball === undefined) throw new Error(`npm pack told of no tarball: ${packed.stdout}`);
    files = tarball.files.map(({ path }) => path);
    await execa(
      'npm',
      ['install', '--global', '--prefer-offline', '--prefix', join(folder, 'prefix'), join(folder, tarball.filename)],
      { cwd: folder },
    );
  }, 600_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds the programs and what they read at run time, the documents and the units, and no sources or tests', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        ...['dist/client.js', 'dist/worker.js', 'dist/workflow-bundle.js', 'dist/local/demo-data/compress.py'],
        ...[
          'README.md',
          'LICENSE',
          'CHANGELOG.md',
          'SECURITY.md',
          'THIRD-PARTY-NOTICES',
          'deploy/systemd/longhaul-worker.service',
        ],
      ]),
    );
    expect(files.filter((path) => path.endsWith('.wasm')).length).toBeGreaterThan(0);
    expect(files.filter((path) => /^(src|test|bench|scripts)\/|\.(ts|map)$/.test(path))).toEqual([]);
  });

  it.each(['longhaul', 'longhaul-worker'])('puts %s on the path, which prints its version', async (name) => {
    const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as { version: string };
    expect((await execa(program(name), ['--version'], { cwd: folder })).stdout).toBe(version);
  });

  it('puts the man pages where `man` finds them', async () => {
    const pages = await readdir(join(folder, 'prefix/share/man/man1'));
    expect(pages.sort()).toEqual(['longhaul-worker.1', 'longhaul.1']);
    expect(await readFile(join(folder, 'prefix/share/man/man1/longhaul.1'), 'utf8')).toContain('.TH LONGHAUL 1');
  });

  it('takes less than 300 MB in 320 packages, and none of them is an SDK of a cloud', async () => {
    const top = join(folder, 'prefix/lib/node_modules/longhaul');
    const paths = await readdir(top, { recursive: true });
    const sizes = await Promise.all(paths.map(async (path) => (await lstat(join(top, path))).blocks * 512));
    const packages = paths
      .map((path) => /node_modules\/((@[^/]+\/)?[^/@]+)\/package\.json$/.exec(path)?.[1])
      .filter((name) => name !== undefined);

    expect(sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2).toBeLessThan(300);
    expect(packages.length).toBeLessThan(320);
    expect(packages).toContain('@temporalio/core-bridge');
    expect(packages.filter((name) => /^@(aws-sdk|azure|smithy)\//.test(name))).toEqual([]);
  });

  it('brings a local stack up and moves a migration on it', async () => {
    const stateDir = join(folder, 'stack');
    const demo = await demoOfProgram({ command: program('longhaul'), before: [], cwd: folder }, stateDir);

    expect(demo.parts.map(({ name, alive }) => [name, alive])).toContainEqual(['workers', true]);
    expect(demo.document).toMatchObject({
      status: { phase: 'completed', units: { total: 12, failed: 0 } },
      verification: { differences: 0 },
    });
  });
});

interface Tarball {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** An array, or from npm 12 on a record by package. */
function tarballs(document: unknown): readonly Tarball[] {
  return Object.values(document as Record<string, Tarball>);
}
