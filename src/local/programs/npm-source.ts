import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramSource } from './program-source.js';
import { runInstaller } from './run-installer.js';

/**
 * The npm registry, or the mirror that the user has configured for npm. The lock has the hash of every package, so a
 * mirror cannot change one.
 */
export function npmSource(npm = 'npm'): ProgramSource {
  return {
    title: 'the npm registry',
    fetch: async (request) => {
      const { program, folder } = request;
      if (program.distribution.kind !== 'packages') throw new Error(`${program.title} is not made of npm packages`);
      const target = join(folder, 'target');
      await mkdir(target);
      for (const name of ['package.json', 'package-lock.json']) {
        await copyFile(join(program.distribution.lockFolder, name), join(target, name));
      }
      await runInstaller(
        {
          title: 'npm',
          command: npm,
          args: ['ci', ...fixedArguments],
          cwd: target,
          // Set by an npm that runs us; it would send the packages elsewhere.
          env: { npm_config_global: 'false', npm_config_prefix: '', npm_config_dry_run: 'false' },
          lookEveryMs: 2_000,
          reasonIn: (text) => /^npm error (?!code )(.+)$/m.exec(text)?.[1],
        },
        request,
      );
      return target;
    },
  };
}

const fixedArguments = [
  // No package needs its scripts, and none of them has to be trusted with this machine.
  ...['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'],
  // One line per package, as a sign of life.
  ...['--loglevel=http', '--no-progress'],
];
