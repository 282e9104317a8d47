import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baselines } from './baselines-folder.js';
import { NotRun, type Bench } from './row.js';

/** A virtual environment with what the Python baselines need. */
export interface PythonEnvironment {
  readonly python: string;
  /** Folder of its programs. */
  readonly bin: string;
  /** Returns how many packages these names need, themselves included. */
  countPackages(names: readonly string[]): Promise<number>;
}

/**
 * Makes the environment in the cache, or finds it there: one for each content of `requirements.txt`. The packages come
 * from wherever pip gets them, and their hashes are verified.
 */
export async function pythonEnvironment({ cacheDir, log }: Bench): Promise<PythonEnvironment> {
  const requirements = join(baselines, 'requirements.txt');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(cacheDir, 'bench', `python-${digest.slice(0, 12)}`);
  const bin = join(folder, 'bin');
  const python = join(bin, 'python');
  const whole = join(folder, 'whole');
  if (!existsSync(whole)) {
    log('Installing the Python packages of the baselines …');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const base = await modernPython();
    await orNotRun('makes no virtual environment', base, ['-m', 'venv', folder]);
    const options = ['--quiet', '--disable-pip-version-check', '--require-hashes', '--requirement', requirements];
    await orNotRun('installs no packages', python, ['-m', 'pip', 'install', ...options]);
    await writeFile(whole, '');
  }
  return {
    python,
    bin,
    countPackages: async (names) => {
      const { stdout } = await execa(python, ['-c', closure, ...names]);
      return Number(stdout);
    },
  };
}

/** Counts the installed packages in the closure of some names. */
const closure = `
import re, sys
from importlib.metadata import requires, PackageNotFoundError
seen, open = set(), list(sys.argv[1:])
while open:
    name = open.pop().lower().replace("_", "-")
    if name in seen:
        continue
    try:
        needs = requires(name) or []
    except PackageNotFoundError:
        continue
    seen.add(name)
    open += [re.match(r"[\\w.-]+", need)[0] for need in needs if "extra ==" not in need]
print(len(seen))
`;

async function modernPython(): Promise<string> {
  const check = 'import sys; sys.exit(sys.version_info < (3, 10))';
  const { exitCode } = await execa('python3', ['-c', check], { reject: false });
  if (exitCode === undefined) throw new NotRun('there is no python3');
  if (exitCode !== 0) throw new NotRun('python3 is older than 3.10');
  return 'python3';
}

async function orNotRun(what: string, command: string, args: readonly string[]): Promise<void> {
  const { failed, stderr, shortMessage } = await execa(command, args, { reject: false, stdin: 'ignore' });
  if (failed) throw new NotRun(`Python ${what}: ${stderr.trim().split('\n').at(-1) || (shortMessage ?? '')}`);
}
